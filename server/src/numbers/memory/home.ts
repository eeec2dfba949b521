// This process as a home: its memory, and the lease that lets it keep texts. Others take its assignments over once the
// lease is over by the database's clock; here it is over a little earlier, on a clock that goes on while the process
// is stopped, and everything in memory is wiped with it. So a stale home neither takes a text nor shows one.
//
//   none --registered--> held --heartbeat--> held
//                        held --no heartbeat in time, or refused--> lost (wiped) --registered under a new name--> held
import { randomUUID } from 'node:crypto';
import { alignedNowMs, monotonicMs, pause } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import { counter } from '#platform/metrics';
import { emitAll } from '#platform/outbox';
import { READ_GRACE_MS } from '../content-mode.ts';
import { INBOUND_RECEIVED } from '../events.ts';
import type { MemoryBounds } from './budget.ts';
import { buryHomes, extendHome, recordHeld, registerHome } from './home.sql.ts';
import {
  type Deposit,
  type DepositOutcome,
  type HomePort,
  type MemoryRead,
  type MemoryText,
  StaleHome,
} from './home-port.ts';
import { type Arrival, InboundMemory } from './inbound-memory.ts';

export interface Home extends HomePort {
  /** The name of this home while its lease is held; null otherwise. */
  readonly token: string | null;
  /** Bytes of texts and parts in its memory. */
  readonly bytes: number;
  /** Nothing, or why this process cannot keep texts now, in words for a readiness check. */
  unready(): string | undefined;
  /** Resolves when everything that arrived so far has been told to the contexts above. */
  told(): Promise<void>;
  /** Ends the lease, wipes the memory, and counts what nobody had read as lost. */
  stop(): Promise<void>;
}

export interface HomeOptions {
  readonly db: Database;
  readonly log: Log;
  /** Where the relay of this process listens. */
  readonly address: string;
  /** How long the home may be silent before others take over. */
  readonly leaseMs?: number;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
  readonly readGraceMs?: number;
  readonly bounds?: MemoryBounds;
}

const LEASE_MS = 15_000;
/** A lease ends this much earlier here than in the database. */
const MARGIN_SHARE = 0.1;
const BEATS_PER_LEASE = 5;
/** Fuller than this it says so before it refuses. */
const FULL_SHARE = 0.9;
const ARRIVALS_AT_ONCE_MAX = 1_000;

const ended = counter({
  name: 'sotto_numbers_memory_texts_total',
  help: 'Texts that left the memory, by why: read by their workspace, not read in time',
  labels: { why: ['read', 'aged'] },
});

export async function startHome(options: HomeOptions): Promise<Home> {
  const { db, log, address, leaseMs = LEASE_MS, nowMs = monotonicMs } = options;
  const memory = new InboundMemory({
    nowMs,
    dateMs: alignedNowMs,
    readGraceMs: options.readGraceMs ?? READ_GRACE_MS,
    ...(options.bounds === undefined ? {} : { bounds: options.bounds }),
  });
  let lease: { readonly token: string; validUntilMs: number } | null = null;
  /** The newest epoch seen of each assignment, under the present name. */
  const epochs = new Map<string, bigint>();
  let untold: Arrival[] = [];
  let telling: Promise<void> | null = null;
  const stopping = new AbortController();

  const valid = () => (lease !== null && nowMs() < lease.validUntilMs ? lease : null);

  function lose(): void {
    if (lease === null) return;
    log.warn('numbers.home_lost', { count: memory.atRisk });
    lease = null;
    memory.wipe();
    epochs.clear();
    untold = [];
  }

  /** The home that is meant, or nothing is taken: wiping comes first, so that what was lost is not shown either. */
  function assertMeant(token: string): void {
    if (valid() === null) lose();
    if (lease === null || lease.token !== token) throw new StaleHome();
  }

  async function beat(): Promise<void> {
    if (valid() === null) lose();
    const sentMs = nowMs();
    const validUntilMs = sentMs + leaseMs * (1 - MARGIN_SHARE);
    const name = lease?.token ?? randomUUID();
    const isNew = lease === null;
    const { held, lost } = await db.batch(async (tx) => {
      const kept = isNew || (await extendHome(tx, name, memory.atRisk, leaseMs));
      if (isNew) await registerHome(tx, name, address, leaseMs);
      return { held: kept, lost: await buryHomes(tx, null) };
    });
    if (lost > 0) log.warn('numbers.texts_lost_with_a_home', { count: lost });
    if (!held) lose();
    else if (isNew) lease = { token: name, validUntilMs };
    else if (lease?.token === name) lease.validUntilMs = validUntilMs;
  }

  /** Ids to the contexts above, in transactions of their own: the text is in memory already and can be read. */
  function tell(): Promise<void> {
    telling ??= (async () => {
      while (untold.length > 0) {
        const told = untold.slice(0, ARRIVALS_AT_ONCE_MAX);
        await db.batch(async (tx) => {
          await emitAll(
            tx,
            told.map(({ id, workspaceId }) => ({
              name: INBOUND_RECEIVED.name,
              payload: { inbound_id: id, workspace_id: workspaceId },
            })),
          );
          if (lease !== null) await recordHeld(tx, lease.token, memory.atRisk);
        });
        untold = untold.filter((arrival) => !told.includes(arrival));
      }
    })().finally(() => {
      telling = null;
    });
    return telling;
  }

  /** They stay untold until a later round succeeds, or the memory ends. */
  function tellSoon(): void {
    if (untold.length === 0) return;
    tell().catch((error: unknown) => log.warn('numbers.arrivals_not_told', { error }));
  }

  function sweep(): void {
    const wiped = memory.sweep(untold);
    if (wiped.read > 0) ended.add(wiped.read, { why: 'read' });
    if (wiped.aged > 0) ended.add(wiped.aged, { why: 'aged' });
  }

  await beat();
  void (async () => {
    while (!stopping.signal.aborted) {
      await pause(Math.floor(leaseMs / BEATS_PER_LEASE), stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        sweep();
        tellSoon();
        await beat();
      } catch (error) {
        log.warn('numbers.home_beat_failed', { error });
      }
    }
  })();

  return {
    get token() {
      return valid()?.token ?? null;
    },
    get bytes() {
      return memory.bytes;
    },
    async deposit({ token, pieces }: Deposit): Promise<DepositOutcome[]> {
      assertMeant(token);
      const outcomes = pieces.map((piece) => {
        const epoch = BigInt(piece.epoch);
        if (epoch < (epochs.get(piece.assignmentId) ?? 0n)) return 'refused';
        epochs.set(piece.assignmentId, epoch);
        return memory.take(piece, untold);
      });
      tellSoon();
      return outcomes;
    },
    async read({ token, workspaceId, ...page }: MemoryRead): Promise<MemoryText[]> {
      assertMeant(token);
      return memory
        .read(workspaceId, {
          ...page,
          receivedFrom: page.receivedFrom === null ? null : new Date(page.receivedFrom),
          receivedBefore: page.receivedBefore === null ? null : new Date(page.receivedBefore),
        })
        .map(({ workspaceId: _own, receivedAt, ...text }) => ({ ...text, receivedAt: receivedAt.getTime() }));
    },
    unready() {
      if (valid() === null) return 'this process is no home for texts in memory at the moment';
      if (memory.share > FULL_SHARE) return 'the memory for texts is nearly full';
      return undefined;
    },
    told: async () => {
      await telling;
      await tell();
    },
    async stop() {
      stopping.abort();
      const held = lease;
      const lost = memory.atRisk;
      lease = null;
      await telling?.catch(() => undefined);
      memory.wipe();
      if (held === null) return;
      if (lost > 0) log.warn('numbers.texts_lost_with_a_home', { count: lost });
      await db.batch(async (tx) => {
        await recordHeld(tx, held.token, lost);
        await buryHomes(tx, held.token);
      });
    },
  };
}
