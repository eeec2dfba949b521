// The inbound sink where nothing of a text may be stored. It finds the home of each number's texts, takes numbers
// without a living one, and hands the parts over; only what a home has in its memory is answered with an OK. The
// database sees our own numbers, ids and epochs.
import { monotonicMs } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import { counter } from '#platform/metrics';
import { type InboundPart, type Piece, readPart } from '../inbound-part.ts';
import { type InboundOutcome, type InboundSink, PARTS_AT_ONCE_MAX } from '../inbound-sink.ts';
import { type HolderRow, selectHolders, takeAssignments } from './home.sql.ts';
import type { Home } from './home.ts';
import {
  type DepositOutcome,
  type DepositPiece,
  type HomeLinks,
  type HomePort,
  StaleHome,
} from './home-port.ts';
import { RecentSingles } from './recent-singles.ts';

export interface MemorySinkOptions {
  readonly db: Database;
  readonly log: Log;
  readonly home: Home;
  readonly links: HomeLinks;
}

const received = counter({
  name: 'sotto_numbers_memory_parts_total',
  help: 'Parts of inbound texts that may not be stored, by what became of them',
  labels: { outcome: ['stored', 'waiting', 'duplicate', 'unassigned', 'unreadable', 'refused'] },
});

/** A piece, where it stands in the batch, and the home that is to take it. */
interface Bound {
  readonly at: number;
  readonly piece: DepositPiece;
  readonly token: string;
  readonly address: string;
}

export function createMemorySink(options: MemorySinkOptions): InboundSink {
  // A home that did not answer may have taken the parts all the same: when they come again, they may be repeats.
  const doubtful = new RecentSingles(monotonicMs);
  return {
    async receive(parts: readonly InboundPart[]) {
      if (parts.length > PARTS_AT_ONCE_MAX)
        throw new RangeError(`at most ${PARTS_AT_ONCE_MAX} parts at once`);
      const pieces = parts.map(readPart);
      const outcomes: InboundOutcome[] = pieces.map((piece) => (piece ? 'unassigned' : 'unreadable'));
      if (pieces.some((piece) => piece !== null)) await keep(options, doubtful, pieces, outcomes);
      for (const outcome of outcomes) received.add(1, { outcome });
      return outcomes;
    },
  };
}

async function keep(
  options: MemorySinkOptions,
  doubtful: RecentSingles,
  pieces: readonly (Piece | null)[],
  outcomes: InboundOutcome[],
): Promise<void> {
  const holders = await findHolders(options, [...new Set(pieces.flatMap((piece) => piece?.to ?? []))]);
  const bound = pieces.flatMap((piece, at): Bound[] => {
    const holder = piece && holders.get(piece.to);
    if (!holder || holder.connector_id !== piece.connectorId) return [];
    // Until a home says otherwise.
    outcomes[at] = 'refused';
    const { token, epoch, address, assignment_id: assignmentId, workspace_id: workspaceId } = holder;
    if (token === null || epoch === null || address === null) return [];
    const possibleRepeat = piece.possibleRepeat || doubtful.knows({ ...piece, workspaceId });
    const { connectorId, from, to, form, content, concat } = piece;
    return [
      {
        at,
        token,
        address,
        piece: {
          assignmentId,
          epoch: `${epoch}`,
          workspaceId,
          connectorId,
          from,
          to,
          form,
          content,
          concat,
          possibleRepeat,
        },
      },
    ];
  });
  const byHome = Map.groupBy(bound, ({ token }) => token);
  await Promise.all(
    [...byHome.values()].map(async (own) => {
      const answers = await deposit(options, doubtful, own);
      for (const [n, { at }] of own.entries()) outcomes[at] = answers[n] ?? 'refused';
    }),
  );
}

/** Whose each number is now, each with a living home as far as one can be had. */
async function findHolders(
  { db, home }: MemorySinkOptions,
  numbers: readonly string[],
): Promise<Map<string, HolderRow>> {
  const rows = await db.batch(async (tx) => {
    const found = await selectHolders(tx, numbers);
    const homeless = found.filter(({ address }) => address === null);
    const { token } = home;
    if (homeless.length === 0 || token === null) return found;
    await takeAssignments(
      tx,
      token,
      homeless.map(({ assignment_id }) => assignment_id),
    );
    // Another process may have taken some of them at the same moment.
    return selectHolders(tx, numbers);
  });
  return new Map(rows.map((row) => [row.e164, row]));
}

/** In this process without a detour; empty when the home cannot be reached, or is none any more. */
async function deposit(
  { home, links, log }: MemorySinkOptions,
  doubtful: RecentSingles,
  own: readonly Bound[],
): Promise<readonly DepositOutcome[]> {
  const { token, address } = own[0]!;
  const port: HomePort = token === home.token ? home : links.to(address);
  try {
    return await port.deposit({ token, pieces: own.map(({ piece }) => piece) });
  } catch (error) {
    // The carrier is told to send again; by then the home answers, or another one has taken over.
    if (error instanceof StaleHome) log.info('numbers.home_is_stale', { count: own.length });
    else {
      for (const { piece } of own) doubtful.remember(piece);
      log.warn('numbers.home_not_reached', { count: own.length, error });
    }
    return [];
  }
}
