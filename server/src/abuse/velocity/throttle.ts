// How fast something may be done, over all processes. States of what is taken:
//
//   asked --every bucket has the tokens--> taken --given back (a sign-in that succeeded)--> returned
//   asked --one has not--> refused (nothing was taken of any)
//
// Take before what is counted is done, and give back after: a hundred tries at once all find what the first ones took.

import type { ReasonCode } from '@sotto/contract/reasons';
import { alignedNowMs } from '#platform/clock';
import { type Database, isUnavailable, type Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Log } from '#platform/log';
import { counter } from '#platform/metrics';
import type { Keyring } from '#privacy';
import { HOLDS_ALL, type Holds } from '#privacy/collection';
import { deleteBuckets, giveBackRows, type StoredAsk, type TakenRows, takeRows } from './bucket.sql.ts';
import { LIMIT_NAMES, LIMITS, type LimitName, type Limits } from './limits.ts';
import { type MemoryAsk, MemoryBuckets } from './memory-buckets.ts';
import { RememberedRefusals } from './remembered-refusals.ts';
import { SUBJECT_KINDS, type SubjectColumn, type SubjectKind, spelling } from './subject.ts';

/** One bucket to take from. */
export interface Ask {
  readonly limit: LimitName;
  /** As it came: an id, an address, an e-mail address. It is spelled in one way and kept as an index alone. */
  readonly subject: string;
  /** Tokens; 1 when left out. */
  readonly cost?: number;
}

/** What was taken, to be given back at most once. */
export interface TakenTokens {
  readonly stored: readonly StoredAsk[];
  readonly inMemory: readonly MemoryAsk[];
}

export type Taken =
  | { readonly allowed: true; readonly tokens: TakenTokens }
  | {
      readonly allowed: false;
      /** For whoever is refused. */
      readonly code: ReasonCode;
      /** For logs and metrics: which of the limits was met. */
      readonly limit: LimitName;
      /** At least 1. */
      readonly retryAfterSeconds: number;
    };

export interface Throttle {
  /**
   * Takes from all buckets or from none, in one round trip, whoever else asks at the same time: of a hundred at once
   * exactly as many pass as there are tokens. While the database is away it throws AppError `unavailable` when one of
   * the limits refuses then, and else lets pass. Repeating it takes again.
   */
  take(asks: readonly Ask[]): Promise<Taken>;
  /**
   * As `take`, as part of the caller's transaction: what was taken is taken when it commits, and the buckets are locked
   * until then. Once in a transaction, and late in it. For limits whose subjects may be stored.
   */
  takeWithin(tx: Tx, asks: readonly Ask[]): Promise<Taken>;
  /**
   * Returns what was taken, once: a second time does nothing. In the caller's transaction where one is given, late in it,
   * since the buckets are locked from then on.
   */
  giveBack(tokens: TakenTokens, tx?: Tx): Promise<void>;
  /** Ends everything that is counted of somebody: their account was closed, or a person has decided in their favour. */
  forget(tx: Tx, kind: SubjectKind, subject: string): Promise<void>;
}

export interface ThrottleOptions {
  readonly db: Database;
  readonly keyring: Pick<Keyring, 'globalIndexCandidates'>;
  readonly log: Pick<Log, 'warn'>;
  readonly limits?: Limits;
  /** What the policy in force lets us store; subjects of anything else are counted in the memory of this process. */
  readonly holds?: Holds;
}

const refusals = counter({
  name: 'sotto_abuse_refusals_total',
  help: 'Refusals for speed, by the limit that was met',
  labels: { limit: LIMIT_NAMES },
});

/** Buckets of one asking at most. */
const ASKS_MAX = 16;
/** A bucket is swept between two statements about never, and not three times in a row. */
const TRIES_MAX = 3;

export function createThrottle(options: ThrottleOptions): Throttle {
  const { db, keyring, log, limits = LIMITS, holds = HOLDS_ALL } = options;
  const memory = new MemoryBuckets();
  const remembered = new RememberedRefusals();
  const returned = new WeakSet<TakenTokens>();

  /** The column a subject may stand in; null when it is counted in memory alone. */
  const columnOf = (kind: SubjectKind): SubjectColumn | null => {
    const entry = SUBJECT_KINDS[kind];
    return entry !== null && holds(entry.category) ? entry.column : null;
  };

  function bucketOf({ limit: name, subject, cost = 1 }: Ask): Bucket {
    const { kind, burst, refillSeconds } = limits[name];
    const tokenMs = refillSeconds * 1_000;
    const size = { costMs: Math.ceil(cost * tokenMs), capacityMs: burst * tokenMs };
    // The limit is part of what is hashed: rows of one subject cannot be told to belong together.
    const value = `${name}|${kind}|${spelling(kind, subject)}`;
    const column = columnOf(kind);
    if (column === null) return { name, ...size, key: memory.keyOf(value), stored: null };
    const indexes = keyring.globalIndexCandidates(`abuse.bucket.${column}`, value);
    return { name, ...size, key: indexes[0]!.toString('base64'), stored: { column, indexes, ...size } };
  }

  function bucketsOf(asks: readonly Ask[]): Bucket[] {
    if (asks.length > ASKS_MAX) throw new RangeError(`more than ${ASKS_MAX} buckets at once`);
    return merged(asks.map(bucketOf));
  }

  function refused(buckets: readonly Bucket[], waitsMs: readonly number[]): Taken {
    const waitMs = Math.max(...waitsMs);
    const { name } = buckets[waitsMs.indexOf(waitMs)]!;
    refusals.add(1, { limit: name });
    return {
      allowed: false,
      code: limits[name].code,
      limit: name,
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
    };
  }

  /** `store` asks the database; what is in memory is taken first and returned when the database refuses. */
  async function takeAll(
    asks: readonly Ask[],
    store: (stored: readonly StoredAsk[]) => Promise<TakenRows>,
  ): Promise<Taken> {
    const buckets = bucketsOf(asks);
    const nowMs = alignedNowMs();
    const known = buckets.map(({ key, costMs }) => remembered.waitMs(key, nowMs, costMs));
    if (known.some((waitMs) => waitMs > 0)) return refused(buckets, known);

    const kept = buckets.filter((one): one is StoredBucket => one.stored !== null);
    const inMemory = buckets.filter(({ stored }) => stored === null);
    const waits = memory.take(nowMs, inMemory);
    if (waits.some((waitMs) => waitMs > 0)) return refused(inMemory, waits);
    const tokens: TakenTokens = { stored: kept.map(({ stored }) => stored), inMemory };
    if (kept.length === 0) return { allowed: true, tokens };
    let waitsMs: readonly number[];
    try {
      ({ waitsMs } = await store(tokens.stored));
    } catch (error) {
      memory.giveBack(inMemory);
      throw error;
    }
    if (waitsMs.every((waitMs) => waitMs === 0)) return { allowed: true, tokens };
    memory.giveBack(inMemory);
    for (const [at, { key, costMs }] of kept.entries()) {
      if (waitsMs[at]! > 0) remembered.remember(key, nowMs, { costMs, untilMs: nowMs + waitsMs[at]! });
    }
    return refused(kept, waitsMs);
  }

  /** The decision is the statement's, so COMMIT follows without waiting for the answer. */
  async function takenAtOnce(stored: readonly StoredAsk[]): Promise<TakenRows> {
    const taken = Promise.withResolvers<TakenRows>();
    await db.batchEnding(async (tx) => {
      const rows = takeRows(tx, stored);
      taken.resolve(rows);
      return { value: undefined, writes: [rows] };
    });
    return taken.promise;
  }

  const isShutWithout = (asks: readonly Ask[]): boolean =>
    asks.some(
      ({ limit: name }) => limits[name].whenUnavailable === 'refuse' && columnOf(limits[name].kind) !== null,
    );

  return {
    async take(asks) {
      try {
        return await takeAll(asks, (stored) => untilComplete(() => takenAtOnce(stored)));
      } catch (error) {
        if (isShutWithout(asks) || !isAway(error)) throw error;
        log.warn('abuse.limits_not_counted', { error });
        return { allowed: true, tokens: NOTHING_TAKEN };
      }
    },
    takeWithin: (tx, asks) => takeAll(asks, (stored) => untilComplete(() => takeRows(tx, stored))),
    async giveBack(tokens, tx) {
      if (returned.has(tokens)) return;
      returned.add(tokens);
      memory.giveBack(tokens.inMemory);
      for (const { indexes } of tokens.stored) remembered.forget(indexes[0]!.toString('base64'));
      if (tokens.stored.length === 0) return;
      if (tx !== undefined) await giveBackRows(tx, tokens.stored);
      else
        await db.batchEnding(async (own) => ({
          value: undefined,
          writes: [giveBackRows(own, tokens.stored)],
        }));
    },
    async forget(tx, kind, subject) {
      const buckets = LIMIT_NAMES.filter((name) => limits[name].kind === kind).map((name) =>
        bucketOf({ limit: name, subject }),
      );
      for (const { key } of buckets) remembered.forget(key);
      memory.forget(buckets.map(({ key }) => key));
      const indexes = buckets.flatMap(({ stored }) => stored?.indexes ?? []);
      if (indexes.length > 0) await deleteBuckets(tx, indexes);
    },
  };
}

/** Throws what a refusal answers a caller with: `rate_limited`, with its reason and the seconds to wait. */
export function demandAllowed(taken: Taken): asserts taken is Taken & { allowed: true } {
  if (taken.allowed) return;
  throw new AppError('rate_limited', {
    retryable: true,
    reason: taken.code,
    retryAfterSeconds: taken.retryAfterSeconds,
    internal: `limit ${taken.limit} was met`,
  });
}

interface Bucket extends MemoryAsk {
  readonly name: LimitName;
  /** Null where the policy lets it be kept in memory alone. */
  readonly stored: StoredAsk | null;
}
type StoredBucket = Bucket & { readonly stored: StoredAsk };

const NOTHING_TAKEN: TakenTokens = { stored: [], inMemory: [] };

/** Asks of one bucket are one ask, or each would be judged as if the other were not. */
function merged(buckets: readonly Bucket[]): Bucket[] {
  const byKey = new Map<string, Bucket>();
  for (const bucket of buckets) {
    const before = byKey.get(bucket.key);
    const costMs = bucket.costMs + (before?.costMs ?? 0);
    const stored = bucket.stored && { ...bucket.stored, costMs };
    byKey.set(bucket.key, { ...bucket, costMs, stored });
  }
  return [...byKey.values()];
}

async function untilComplete(ask: () => Promise<TakenRows>): Promise<TakenRows> {
  for (let tried = 1; ; tried++) {
    const rows = await ask();
    if (rows.complete) return rows;
    if (tried === TRIES_MAX)
      throw new AppError('unavailable', { internal: 'buckets went while they were asked', retryable: true });
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof AppError ? error.code === 'unavailable' : isUnavailable(error);
