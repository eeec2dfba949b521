// One request, one effect, however often it arrives (product.md, HTTP). Of the client's key and body only MACs are
// kept, of the answer only what the caller's functions sealed; the platform knows no keys.
//
//   unknown --work answers--> decided: the same request gets the same answer
//   unknown --work answers, keep: false--> unknown: the next try is decided anew (insufficient funds)
//   unknown --work fails--> unknown: nothing was committed
//   unknown --work postpones--> undecided: 409 until `decideLater` --> decided

import type { Database, Tx } from '../db/database.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import {
  decideKey,
  type KeyName,
  lockKey,
  lookUp,
  type RememberedAnswer,
  remember,
} from './idempotency.sql.ts';

/** What is answered: an HTTP status and the body as it goes out. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export interface DecidedAnswer extends Answer {
  /** False: commit, answer, and forget; the same key may be tried again. */
  readonly keep?: boolean;
}

/** The effect has begun and is decided later, under this row: until then the key answers 409. */
export interface Postponed {
  readonly postponed: true;
}

export interface IdempotentRequest extends KeyName {
  /** MAC over method, route and canonical body, 16 octets. */
  readonly requestMac: Buffer;
  /** Seals an answer for the row with this id. */
  seal(rowId: string, plain: Buffer): Promise<Buffer> | Buffer;
  /** Opens it again; undefined when its key was destroyed (an erasure came in between). */
  open(rowId: string, sealed: Buffer): Promise<Buffer | undefined> | Buffer | undefined;
}

export interface IdempotentResult extends Answer {
  /** True when an earlier request's answer was given again. */
  readonly replayed: boolean;
}

/** A duplicate waits this long for the first one's answer, then gets 409. */
const WAIT_MS = 10_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Duplicates of one process wait here, not on a connection each. */
const underway = new WeakMap<Database, Map<string, Promise<unknown>>>();

/**
 * Does `work` once per key, in one transaction together with its answer. A concurrent duplicate waits for the
 * first one's answer. Throws AppError `idempotency_mismatch` (another request), `idempotency_undecided` (not
 * decided yet), `conflict` (its answer was erased), and whatever `work` throws. `work` gets the row's id for
 * `decideLater`.
 */
export async function runIdempotent(
  db: Database,
  request: IdempotentRequest,
  work: (tx: Tx, rowId: string) => Promise<DecidedAnswer | Postponed>,
): Promise<IdempotentResult> {
  const here = underway.get(db) ?? new Map<string, Promise<unknown>>();
  underway.set(db, here);
  const name = `${request.scope} ${request.keyMac.toString('base64')}`;
  const before = here.get(name);
  const turn = (before ?? Promise.resolve()).then(
    () => once(db, request, work),
    () => once(db, request, work),
  );
  here.set(name, turn);
  try {
    return await turn;
  } finally {
    if (here.get(name) === turn) here.delete(name);
  }
}

/** Gives a postponed request its answer, in the transaction that decided it. False when it had one already. */
export async function decideLater(
  tx: Tx,
  request: Pick<IdempotentRequest, 'scope' | 'keyMac' | 'seal'>,
  rowId: string,
  answer: Answer,
): Promise<boolean> {
  const sealed = await request.seal(rowId, answer.body);
  return decideKey(tx, {
    scope: request.scope,
    keyMac: request.keyMac,
    id: rowId,
    status: answer.status,
    answer: sealed,
  });
}

async function once(
  db: Database,
  request: IdempotentRequest,
  work: (tx: Tx, rowId: string) => Promise<DecidedAnswer | Postponed>,
): Promise<IdempotentResult> {
  try {
    return await db
      .batch(async (tx) => {
        // The lock is a statement of its own, so the look-up's snapshot is younger than it; one round trip all the same.
        const [, known] = await Promise.all([
          lockKey(tx, lockNumber(request), WAIT_MS),
          lookUp(tx, [request]),
        ]);
        if (known[0]) return await replay(request, known[0]);
        const rowId = newId();
        const outcome = await work(tx, rowId);
        const row = {
          id: rowId,
          scope: request.scope,
          keyMac: request.keyMac,
          requestMac: request.requestMac,
        };
        if ('postponed' in outcome) {
          await remember(tx, [{ ...row, status: null, answer: null }]);
          return undefined;
        }
        if (outcome.keep !== false) {
          const answer = await request.seal(rowId, outcome.body);
          await remember(tx, [{ ...row, status: outcome.status, answer }]);
        }
        return { status: outcome.status, body: outcome.body, replayed: false };
      })
      .then((result) => {
        if (result === undefined) throw undecided();
        return result;
      });
  } catch (error) {
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) throw undecided();
    throw error;
  }
}

async function replay(request: IdempotentRequest, known: RememberedAnswer): Promise<IdempotentResult> {
  if (!known.requestMac.equals(request.requestMac)) throw new AppError('idempotency_mismatch');
  if (known.status === null || known.answer === null) throw undecided();
  const body = await request.open(known.id, known.answer);
  if (body === undefined)
    throw new AppError('conflict', { detail: 'The answer to this Idempotency-Key has been erased.' });
  return { status: known.status, body, replayed: true };
}

const undecided = () => new AppError('idempotency_undecided', { retryable: true, retryAfterSeconds: 1 });

/** 64 bits of the key's MAC, mixed with the scope. Two keys that share a number wait for each other, no more. */
function lockNumber({ scope, keyMac }: KeyName): bigint {
  return keyMac.readBigInt64BE(0) ^ BigInt.asIntN(64, BigInt(`0x${scope.replaceAll('-', '').slice(16)}`));
}
