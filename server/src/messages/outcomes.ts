// What carriers answered, on its way to disk: gathered while a flush is under way, stored in batches, each answer
// exactly once under the token and epoch of its claim. Storing goes on until it succeeds: an answer that is lost
// here would turn a known outcome into an unknown one.
//
//   accepted            -> part `submitted`; the message's hold is captured when no part of it is open
//   refused permanent   -> the next route, or part `rejected`
//   refused for now     -> back into the queue, later
//   not sent            -> back into the queue, at once
//   unknown             -> transactional and still valid: once more, flagged; else part `unknown`, hold stays open

import type { PartOutcome } from '#carriers';
import { type HoldCapture, type HoldRef, lockWallets, settleHolds } from '#ledger';
import { alignedNowMs, pause } from '#platform/clock';
import type { Database, Ending, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { failpoint, failpointsArmed } from '#platform/failpoints';
import { createLane } from '#platform/lane';
import type { Log } from '#platform/log';
import { emit } from '#platform/outbox';
import { CLASS_OF_LANE, RESEND_WHEN_UNKNOWN } from './classes.ts';
import { messagesProgressed } from './events.ts';
import { eraseFinal } from './final.sql.ts';
import type { ClaimedPart } from './handoff.ts';
import {
  type Answer,
  closeClaimed,
  type GiveBack,
  giveBack,
  markPossibleDuplicate,
  readSettlement,
  storeAnswers,
} from './outcome.sql.ts';
import { matchParked } from './parked.ts';
import { takeParkedFor } from './receipt.sql.ts';
import { createRecentParts, type RecentParts } from './recent-parts.ts';
import { isFinalPart } from './status.ts';
import type { Tariff } from './tariff.ts';

/** What is to be stored of one claimed part. */
export type Result =
  | { readonly kind: 'answered'; readonly part: ClaimedPart; readonly answer: Answer }
  | { readonly kind: 'back'; readonly part: ClaimedPart; readonly row: GiveBack }
  | {
      readonly kind: 'closed';
      readonly part: ClaimedPart;
      readonly as: 'expired' | 'cancelled';
      readonly error: string | null;
    };

export interface Outcomes {
  /** Takes the outcome of a submission. */
  submitted(part: ClaimedPart, outcome: PartOutcome): void;
  /** Takes a claimed part that will not be submitted: it expired while waiting, or was erased. */
  closed(part: ClaimedPart, as: 'expired' | 'cancelled', error: string | null): void;
  /** True while an answer with this carrier's id waits to be stored. */
  isPending(connectorId: string, carrierMessageId: string): boolean;
  /** Parts whose answer was stored here lately, by the carrier's id. */
  readonly recent: RecentParts;
  /** Resolves when everything taken so far is on disk. */
  settled(): Promise<void>;
  readonly depth: number;
}

const RESULTS_PER_FLUSH = 1000;
/**
 * Nobody waits for an outcome to be stored, so a few are gathered; not many, for the flush locks the wallets that
 * acceptance needs, for as long as it has rows to write.
 */
const REST_MS = 8;
const STORE_RETRY_MS_MAX = 2_000;
/** How often an outcome may be refused by a database that is there. */
const REFUSALS_MAX = 4;
/** A refusal for now is tried again after this, doubled with each try, with half of it drawn at random. */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 60_000;
const NOT_SENT_RETRY_MS = 50;
const RESEND_AFTER_MS = 1_000;

export interface OutcomesOptions {
  readonly db: Database;
  readonly tariff: () => Tariff;
  readonly log: Log;
  /** Whether content is erased when its message ends; false when absent. */
  readonly untilFinal?: boolean;
  /** Told after each flush, with the connectors that got parts back. */
  readonly onStored: (connectorIds: ReadonlySet<string>) => void;
}

const pendingKey = (connectorId: string, carrierMessageId: string) => `${connectorId} ${carrierMessageId}`;

export function startOutcomes(options: OutcomesOptions): Outcomes {
  const pending = new Set<string>();
  const recent = createRecentParts();
  const lane = createLane<Result>(storeAll, { weightMax: RESULTS_PER_FLUSH, restMs: REST_MS });

  async function storeAll(results: Result[]): Promise<void> {
    let refusals = 0;
    for (let wait = STORE_RETRY_MS_MAX >> 5; ; wait = Math.min(wait * 2, STORE_RETRY_MS_MAX)) {
      try {
        if (failpointsArmed()) await failpoint('send.resp_received');
        remember(await store(options.db, results, options.untilFinal ?? false));
        if (failpointsArmed()) await failpoint('send.stored');
        break;
      } catch (error) {
        const lost = error instanceof AppError && error.code === 'unavailable';
        options.log.error('messages.outcomes_not_stored', { count: results.length, error });
        if (!lost && results.length > 1) {
          // Something about one of them is wrong: it is looked for, and the others are stored.
          const middle = results.length >> 1;
          await storeAll(results.slice(0, middle));
          await storeAll(results.slice(middle));
          return;
        }
        if (!lost) refusals += 1;
        if (refusals === REFUSALS_MAX) {
          // Its claim lapses with this process and becomes ambiguous; going on would keep all others from the disk.
          options.log.error('messages.outcome_given_up', {});
          break;
        }
        await pause(wait);
      }
    }
    for (const result of results) {
      if (result.kind === 'answered' && result.answer.carrierMessageId !== null) {
        pending.delete(pendingKey(result.part.connectorId, result.answer.carrierMessageId));
      }
    }
    options.onStored(
      new Set(results.flatMap((result) => (result.kind === 'back' ? [result.row.connectorId] : []))),
    );
  }

  function remember(stored: readonly Answered[]): void {
    for (const { part, answer } of stored) {
      if (answer.carrierMessageId !== null)
        recent.remember(part.connectorId, answer.carrierMessageId, answer);
    }
  }

  return {
    recent,
    submitted(part, outcome) {
      const result = resultOf(part, outcome, options.tariff());
      if (result.kind === 'answered' && result.answer.carrierMessageId !== null) {
        pending.add(pendingKey(part.connectorId, result.answer.carrierMessageId));
      }
      lane.push(result);
    },
    closed(part, as, error) {
      lane.push({ kind: 'closed', part, as, error });
    },
    isPending: (connectorId, carrierMessageId) => pending.has(pendingKey(connectorId, carrierMessageId)),
    settled: () => lane.flushed(),
    get depth() {
      return lane.depth;
    },
  };
}

/** What an outcome means for a part: the policy of sending, in one place. */
export function resultOf(part: ClaimedPart, outcome: PartOutcome, tariff: Tariff): Result {
  const { outbound, sequence, epoch } = part;
  const messageId = outbound.messageId;
  const answered = (
    status: Answer['status'],
    carrierMessageId: string | null,
    errorCode: string | null,
  ): Result => ({
    kind: 'answered',
    part,
    answer: { messageId, sequence, epoch, status, carrierMessageId, errorCode },
  });
  const back = (delayMs: number, change: Partial<GiveBack> = {}): Result => ({
    kind: 'back',
    part,
    row: {
      messageId,
      sequence,
      epoch,
      delayMs,
      connectorId: part.connectorId,
      refusedBy: null,
      resent: false,
      ...change,
    },
  });
  switch (outcome.kind) {
    case 'accepted':
      return answered('submitted', outcome.carrierMessageId, null);
    case 'not_sent':
      return back(NOT_SENT_RETRY_MS);
    case 'unknown': {
      const messageClass = CLASS_OF_LANE[part.lane]!;
      const again =
        RESEND_WHEN_UNKNOWN[messageClass] && !part.resent && part.validUntil.getTime() > alignedNowMs();
      return again ? back(RESEND_AFTER_MS, { resent: true }) : answered('unknown', null, outcome.reason);
    }
    case 'refused': {
      if (outcome.severity !== 'permanent') {
        const delay = Math.min(RETRY_MS * 2 ** Math.min(part.attempts, 10), RETRY_MS_MAX);
        return back(Math.round(delay * (0.5 + Math.random() / 2)));
      }
      const tried = [...part.tried, part.connectorId];
      // A message whose earlier parts went one way is not continued another way: phones join by sender.
      const route =
        outbound.segments === 1
          ? tariff.route(outbound.to, CLASS_OF_LANE[part.lane]!, Math.random(), tried)
          : undefined;
      return route
        ? back(0, { connectorId: route.connectorId, refusedBy: part.connectorId })
        : answered('rejected', null, outcome.errorCode);
    }
  }
}

type Answered = Extract<Result, { readonly kind: 'answered' }>;

/** Stores a batch in one transaction a token: usually one, more only around a lost lease. Returns what counted. */
async function store(db: Database, results: readonly Result[], untilFinal: boolean): Promise<Answered[]> {
  const stored: Answered[] = [];
  for (const [token, own] of Map.groupBy(results, (result) => result.part.token)) {
    stored.push(...(await db.batchEnding((tx) => storeFor(tx, token, own, untilFinal))));
  }
  return stored;
}

async function storeFor(
  tx: Tx,
  token: string,
  results: readonly Result[],
  untilFinal: boolean,
): Promise<Ending<Answered[]>> {
  const answers = results.filter((result) => result.kind === 'answered');
  const backs = results.filter((result) => result.kind === 'back');
  const closed = results.filter((result) => result.kind === 'closed');
  const carrierIds = answers.flatMap((result) => result.answer.carrierMessageId ?? []);
  const [stored, given, parked] = await Promise.all([
    answers.length === 0
      ? []
      : storeAnswers(
          tx,
          token,
          answers.map((result) => result.answer),
        ),
    backs.length === 0
      ? []
      : giveBack(
          tx,
          token,
          backs.map((result) => result.row),
        ),
    carrierIds.length === 0
      ? []
      : takeParkedFor(tx, carrierIds, [...new Set(answers.map((result) => result.part.connectorId))]),
    ...(['expired', 'cancelled'] as const).map(async (as) => {
      const rows = closed.filter((result) => result.as === as);
      if (rows.length === 0) return;
      const claims = rows.map(({ part }) => ({
        messageId: part.outbound.messageId,
        sequence: part.sequence,
        epoch: part.epoch,
      }));
      await closeClaimed(tx, token, claims, as, rows[0]!.error);
    }),
  ]);
  // What did not count changes nothing: neither a mark, nor a receipt that waits for the claim that does.
  const resent = given.flatMap((row) => (row.resent ? [row.message_id] : []));
  const counted = new Set(stored.map((row) => `${row.message_id}${row.sequence}`));
  const counting = answers.filter(({ answer }) => counted.has(`${answer.messageId}${answer.sequence}`));
  const touched = new Set([...answers, ...closed].map((result) => result.part.outbound.messageId));
  const { captures, releases } = await settlementOf(tx, counting, closed);
  const writes: Promise<unknown>[] = [];
  if (parked.length > 0) {
    const matching = counting.map(({ part, answer }) => ({ ...answer, connectorId: part.connectorId }));
    writes.push(matchParked(tx, parked, matching));
  }
  if (touched.size > 0) writes.push(emit(tx, messagesProgressed, { message_ids: [...touched] }));
  // The wallets late, for acceptance waits for them; but before rows of messages, as everywhere.
  writes.push(settleHolds(tx, captures, releases));
  if (resent.length > 0) writes.push(markPossibleDuplicate(tx, resent));
  if (untilFinal) writes.push(eraseFinal(tx, endedBy(counting, closed, parked.length > 0)));
  return { value: counting, writes };
}

/** Messages that may have ended by what was stored: all that were answered, where a receipt had been waiting. */
function endedBy(
  answers: readonly Answered[],
  closed: readonly Extract<Result, { kind: 'closed' }>[],
  receiptsTaken: boolean,
): string[] {
  const ended = answers.filter(({ answer }) => receiptsTaken || isFinalPart(answer.status));
  return [...new Set([...ended, ...closed].map(({ part }) => part.outbound.messageId))];
}

/**
 * Which holds to capture or release: those of messages that have no open part left. A message of one part needs no look:
 * its answer says all. The others are read, under the rows just written.
 */
async function settlementOf(
  tx: Tx,
  answers: readonly Answered[],
  closed: readonly Extract<Result, { kind: 'closed' }>[],
): Promise<{ readonly captures: HoldCapture[]; readonly releases: HoldRef[] }> {
  const captures: HoldCapture[] = [];
  const releases: HoldRef[] = [];
  const look = new Map<string, string>();
  for (const { part, answer } of answers) {
    if (answer.status === 'unknown') continue;
    const { messageId: id, workspaceId, segments, pricePerPartMicros } = part.outbound;
    if (segments > 1) look.set(id, workspaceId);
    else if (answer.status === 'submitted')
      captures.push({ id, workspaceId, amountMicros: pricePerPartMicros });
    else releases.push({ id, workspaceId });
  }
  for (const { part } of closed) look.set(part.outbound.messageId, part.outbound.workspaceId);
  if (look.size === 0) return { captures, releases };
  // Two parts of one message may be decided in two transactions at once, each of which sees the other's part open.
  // The wallet's lock, taken before the look, lets the second one see what the first one wrote. All wallets at once,
  // those of the holds already known too: locked in two goes, two senders could wait for each other.
  const known = [...captures, ...releases].map((hold) => hold.workspaceId);
  const [, settlements] = await Promise.all([
    lockWallets(tx, [...new Set([...look.values(), ...known])]),
    readSettlement(tx, [...look.keys()]),
  ]);
  for (const row of settlements) {
    if (row.open > 0) continue;
    const ref = { id: row.message_id, workspaceId: look.get(row.message_id)! };
    if (row.accepted === 0) releases.push(ref);
    else captures.push({ ...ref, amountMicros: row.price_per_part * BigInt(row.accepted) });
  }
  return { captures, releases };
}
