// What people can ask of processing, and the port that answers whether it may go on. Requests are recorded in the
// caller's transaction; each function may be repeated and says by its value whether it changed anything.
//
//   restriction  none ─restrict─► open ─lift─► ended      one for each ground; any open one restricts
//   objection    none ─object─► open ─withdraw or overrule─► ended ─object─► open …
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Purpose } from '../map/purposes.ts';
import {
  endObjection,
  endRestriction,
  insertObjection,
  insertRestriction,
  selectObjections,
  selectRestricted,
} from './processing.sql.ts';
import type { ProcessingSubject, RestrictionReason } from './subject.ts';
import { type BasisOfPurpose, objectability, type Verdict, verdictOn } from './verdict.ts';

/**
 * Restricts processing to storage and legal claims (GDPR Art. 18). Memories of restricted workspaces follow within
 * seconds (`watchRestrictions`).
 */
export const restrict = async (
  tx: Tx,
  subject: ProcessingSubject,
  reason: RestrictionReason,
): Promise<'restricted' | 'already'> =>
  (await insertRestriction(tx, subject, reason)) ? 'restricted' : 'already';

/**
 * Ends the restriction on one ground; those on other grounds stand. The subject has to be told before
 * (GDPR Art. 18(3)), which is the caller's part.
 */
export const lift = async (
  tx: Tx,
  subject: ProcessingSubject,
  reason: RestrictionReason,
): Promise<'lifted' | 'none'> => ((await endRestriction(tx, subject, reason)) ? 'lifted' : 'none');

/** Whether any restriction is open. */
export const isRestricted = async (tx: Tx, subject: ProcessingSubject): Promise<boolean> =>
  (await selectRestricted(tx, subject.kind, [subject.id])).has(subject.id);

/** Which of these are restricted; for bulk work, one statement for all. */
export const restrictedAmong = (
  tx: Tx,
  kind: ProcessingSubject['kind'],
  ids: readonly string[],
): Promise<ReadonlySet<string>> => selectRestricted(tx, kind, ids);

export type Objected = 'recorded' | 'already' | 'withdraw_consent' | 'no_right';

/**
 * Records an objection to a purpose (GDPR Art. 21); from the commit on `mayProcess` refuses it. `no_right` when the
 * purpose rests on a contract or a legal obligation, `withdraw_consent` when it rests on consent: nothing is recorded.
 */
export async function object(
  tx: Tx,
  subject: ProcessingSubject,
  purpose: Purpose,
  bases: BasisOfPurpose,
): Promise<Objected> {
  const right = objectability(purpose, bases);
  if (right !== 'objectable') return right;
  return (await insertObjection(tx, subject, purpose)) ? 'recorded' : 'already';
}

/** Ends an objection at its subject's own wish. */
export const withdrawObjection = async (
  tx: Tx,
  subject: ProcessingSubject,
  purpose: Purpose,
): Promise<'withdrawn' | 'none'> =>
  (await endObjection(tx, subject, purpose, 'withdrawn')) ? 'withdrawn' : 'none';

/**
 * Ends an objection because compelling grounds override it (GDPR Art. 21(1)). An objection to marketing is
 * `absolute` and stays (Art. 21(3)), whatever the grounds; the database holds to it as well.
 */
export async function overruleObjection(
  tx: Tx,
  subject: ProcessingSubject,
  purpose: Purpose,
): Promise<'overruled' | 'none' | 'absolute'> {
  if (purpose === 'marketing') return 'absolute';
  return (await endObjection(tx, subject, purpose, 'overruled')) ? 'overruled' : 'none';
}

/** Where decisions are recorded: whether somebody's consent to a purpose stands now. A port. */
export interface ConsentRecords {
  isGiven(tx: Tx, subject: ProcessingSubject, purpose: Purpose): Promise<boolean>;
  /** Whether somebody opted out of having their data passed on, as by a privacy signal. */
  optsOutOfSharing(tx: Tx, subject: ProcessingSubject): Promise<boolean>;
}

/** Answers whether somebody's data may be used for a purpose. Readers about somebody and named operations ask it. */
export interface Processing {
  mayProcess(tx: Tx, subject: ProcessingSubject, purpose: Purpose): Promise<Verdict>;
  /**
   * The same for passing it on to somebody else: an opt-out of that is an objection, whatever the purpose rests on.
   */
  mayShare(tx: Tx, subject: ProcessingSubject, purpose: Purpose): Promise<Verdict>;
  /** Throws `restricted` unless `mayProcess` says `allowed`. */
  demand(tx: Tx, subject: ProcessingSubject, purpose: Purpose): Promise<void>;
}

/** Processing under a policy: `bases` are its purposes' bases, `consents` the record of consent. */
export function processingUnder(bases: BasisOfPurpose, consents: ConsentRecords): Processing {
  async function mayProcess(tx: Tx, subject: ProcessingSubject, purpose: Purpose): Promise<Verdict> {
    // Together in one round trip.
    const [restricted, objectedTo, consented] = await Promise.all([
      isRestricted(tx, subject),
      selectObjections(tx, subject),
      bases[purpose] === 'consent' && consents.isGiven(tx, subject, purpose),
    ]);
    return verdictOn(purpose, bases, { restricted, objectedTo, consented });
  }
  return {
    mayProcess,
    async mayShare(tx, subject, purpose) {
      const [verdict, optedOut] = await Promise.all([
        mayProcess(tx, subject, purpose),
        consents.optsOutOfSharing(tx, subject),
      ]);
      return verdict === 'allowed' && optedOut ? 'objected' : verdict;
    },
    async demand(tx, subject, purpose) {
      const verdict = await mayProcess(tx, subject, purpose);
      if (verdict !== 'allowed') throw refusalOf(verdict);
    },
  };
}

const DETAILS: Readonly<Record<Exclude<Verdict, 'allowed'>, string>> = {
  restricted: 'A restriction of processing is open.',
  objected: 'An objection to this purpose is open.',
  no_consent: 'This purpose needs a consent that was not given, was withdrawn or has expired.',
};

/** The refusal that callers of the API see. */
export const refusalOf = (verdict: Exclude<Verdict, 'allowed'>): AppError =>
  new AppError('restricted', { detail: DETAILS[verdict] });
