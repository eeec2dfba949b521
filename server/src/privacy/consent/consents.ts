// Consent, one record a decision (GDPR Art. 7(1)): who, about which purpose, shown which policy, how and when.
//
//   never asked --given--> given --withdrawn--> withdrawn --given--> given ...
//                          given --time--> expired
//   any --objected (a signal)--> objected --given, without the signal--> given
//
// A later decision answers an earlier one by being newer; no record ever changes, and expiry.ts says when one goes.
// Accepting a policy is no decision here: see acceptance.ts.
import { consentPurposes } from '@sotto/contract/consents';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Actor } from '../audit/entry.ts';
import { record } from '../audit/record.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { BlindIndex } from '../map/domains.ts';
import { numberIndexes } from '../suppressions/number-index.ts';
import { renewSuppressions, suppressIndex } from '../suppressions/suppress.ts';
import {
  type ConsentRow,
  findConsented,
  insertRecord,
  lockLedger,
  type NewRecord,
  readNow,
  selectCurrent,
  selectPage,
  selectRecord,
} from './consent.sql.ts';

export type ConsentPurpose = (typeof consentPurposes)[number];
export type ConsentMethod = 'form' | 'keyword' | 'written' | 'verbal' | 'api';

/** Who decides: the workspace whose ledger it is, or somebody it writes to. Numbers are E.164 with a plus. */
export type ConsentSubject =
  | { readonly kind: 'workspace' }
  | { readonly kind: 'recipient'; readonly number: string };

/** A receipt of one decision. */
export interface ConsentReceipt {
  readonly id: string;
  readonly subjectKind: ConsentSubject['kind'];
  readonly pseudonym: Buffer;
  readonly purpose: ConsentPurpose;
  readonly decision: 'given' | 'withdrawn' | 'objected';
  readonly method: ConsentMethod | 'signal';
  /** SHA-256 of the policy version that was shown; null for a signal, which is shown nothing. */
  readonly policyHash: Buffer | null;
  readonly decidedAt: Date;
  readonly expiresAt: Date | null;
  readonly withdraws: string | null;
  readonly withdrawnBy: string | null;
  readonly recordedAt: Date;
}

export interface NewConsent {
  readonly subject: ConsentSubject;
  readonly purpose: ConsentPurpose;
  readonly policyHash: Buffer;
  readonly method: ConsentMethod;
  /** When it was given; now, when left out. */
  readonly decidedAt?: Date;
  readonly expiresAt?: Date;
}

export type Given =
  | { readonly outcome: 'given'; readonly receipt: ConsentReceipt }
  /** `future`: it cannot have been given yet; `expired`: it would have ended before it began, or by now. */
  | { readonly outcome: 'refused'; readonly reason: 'future' | 'expired' | 'not_theirs' };

/**
 * Records consent, in the caller's transaction. Recipients consent to marketing and to nothing else. Not to be
 * repeated: each call is a receipt of its own.
 */
export async function giveConsent(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  consent: NewConsent,
  actor: Actor,
): Promise<Given> {
  const { subject, purpose, decidedAt, expiresAt } = consent;
  if (subject.kind === 'recipient' && purpose !== 'marketing')
    return { outcome: 'refused', reason: 'not_theirs' };
  const [now] = await Promise.all([readNow(tx), lockLedger(tx, workspaceId)]);
  if (decidedAt && decidedAt > now) return { outcome: 'refused', reason: 'future' };
  if (expiresAt && expiresAt <= now) return { outcome: 'refused', reason: 'expired' };
  if (subject.kind === 'recipient') await renewSuppressions(tx, keyring, subject.number);
  const indexes = subjectIndexes(keyring, workspaceId, subject);
  const current = await selectCurrent(tx, workspaceId, indexes);
  const receipt = await append(tx, keyring, workspaceId, actor, {
    subjectKind: subject.kind,
    subject: indexes[0]!,
    purpose,
    decision: 'given',
    method: consent.method,
    policyHash: consent.policyHash,
    withdraws: null,
    answers: current.find((row) => row.purpose === purpose)?.id ?? null,
    decidedAt: decidedAt ?? null,
    expiresAt: expiresAt ?? null,
  });
  return { outcome: 'given', receipt };
}

/** `not_consent`: the record is a withdrawal or an objection itself. */
export type Withdrawn =
  | { readonly outcome: 'withdrawn'; readonly receipt: ConsentReceipt }
  | { readonly outcome: 'unknown' | 'not_consent' };

/**
 * Withdraws a consent of a workspace's ledger; from now on nothing may rest on it. May be repeated: the answer is the
 * record that withdrew it first. A recipient who withdraws from marketing is suppressed in the same transaction.
 */
export async function withdrawConsent(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  id: string,
  method: ConsentMethod,
  actor: Actor,
): Promise<Withdrawn> {
  await lockLedger(tx, workspaceId);
  const given = await selectRecord(tx, workspaceId, id);
  if (given === undefined) return { outcome: 'unknown' };
  if (given.decision !== 'given') return { outcome: 'not_consent' };
  if (given.withdrawn_by !== null) {
    const first = (await selectRecord(tx, workspaceId, given.withdrawn_by))!;
    return { outcome: 'withdrawn', receipt: asReceipt(first) };
  }
  const receipt = await append(tx, keyring, workspaceId, actor, {
    subjectKind: given.subject_kind,
    subject: given.subject,
    purpose: given.purpose,
    decision: 'withdrawn',
    method,
    policyHash: given.policy_hash,
    withdraws: given.id,
    answers: given.id,
    decidedAt: null,
    expiresAt: null,
  });
  if (given.subject_kind === 'recipient') {
    const objection = { workspaceId, kind: 'objection', covers: 'marketing', source: 'recipient' } as const;
    await suppressIndex(tx, keyring, given.subject, objection, actor);
  }
  return { outcome: 'withdrawn', receipt };
}

/**
 * Honours Global Privacy Control (CCPA Regulations §7025): opts the workspace out of the sale and sharing of its data.
 * May be repeated, and is with every request that carries the signal: one that is opted out stays so.
 */
export async function honourSignal(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  actor: Actor,
): Promise<void> {
  await lockLedger(tx, workspaceId);
  const current = await currentConsents(tx, keyring, workspaceId);
  const sharing = current.find(({ purpose }) => purpose === 'sale_sharing')!;
  if (sharing.state === 'objected') return;
  await append(tx, keyring, workspaceId, actor, {
    subjectKind: 'workspace',
    subject: subjectIndexes(keyring, workspaceId, { kind: 'workspace' })[0]!,
    purpose: 'sale_sharing',
    decision: 'objected',
    method: 'signal',
    policyHash: null,
    withdraws: null,
    answers: sharing.receiptId,
    decidedAt: null,
    expiresAt: null,
  });
}

/** What a subject consents to now, about one purpose. Only `given` is consent. */
export interface ConsentState {
  readonly purpose: ConsentPurpose;
  readonly state: 'given' | 'withdrawn' | 'objected' | 'expired' | 'never_asked';
  readonly since: Date | null;
  readonly expiresAt: Date | null;
  readonly receiptId: string | null;
}

/** The state of every purpose, for the workspace itself or for a recipient. Reads as tenant or batch. */
export async function currentConsents(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  subject: ConsentSubject = { kind: 'workspace' },
): Promise<ConsentState[]> {
  const rows = await selectCurrent(tx, workspaceId, subjectIndexes(keyring, workspaceId, subject));
  return consentPurposes.map((purpose): ConsentState => {
    const row = rows.find((each) => each.purpose === purpose);
    if (row === undefined)
      return { purpose, state: 'never_asked', since: null, expiresAt: null, receiptId: null };
    return {
      purpose,
      state: row.expired ? 'expired' : (row.decision as 'given' | 'withdrawn' | 'objected'),
      since: row.decided_at,
      expiresAt: row.expires_at,
      receiptId: row.id,
    };
  });
}

/** Somebody a workspace wants to write to. */
export interface AskedConsenter {
  readonly workspaceId: string;
  /** E.164 with a plus. */
  readonly number: string;
}

/**
 * Which of these consent to marketing of the workspace now, as positions in the list. One statement, whoever they are
 * of. Reads only, and needs the batch role.
 */
export async function consentedAmong(
  tx: Tx,
  keyring: Keyring,
  recipients: readonly AskedConsenter[],
): Promise<ReadonlySet<number>> {
  const asked = recipients.flatMap(({ workspaceId, number }, at) =>
    numberIndexes(keyring, number).map((subject) => ({ at, workspaceId, subject })),
  );
  return new Set(asked.length === 0 ? [] : await findConsented(tx, asked, 'marketing'));
}

/** Receipts of a workspace's ledger, newest first, those with an id below `before`. Reads as tenant or batch. */
export async function listReceipts(
  tx: Tx,
  workspaceId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<ConsentReceipt[]> {
  return (await selectPage(tx, workspaceId, page.before, page.limit)).map(asReceipt);
}

/** The indexes a subject may be recorded under, the one to write first. */
function subjectIndexes(keyring: Keyring, workspaceId: string, subject: ConsentSubject): BlindIndex[] {
  return subject.kind === 'recipient'
    ? numberIndexes(keyring, subject.number)
    : keyring.globalIndexCandidates('privacy.consent_record.subject', workspaceId);
}

async function append(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  actor: Actor,
  row: Omit<NewRecord, 'id' | 'workspaceId'>,
): Promise<ConsentReceipt> {
  const id = newId();
  await insertRecord(tx, { ...row, id, workspaceId });
  await record(tx, keyring, {
    action: `consent.${row.decision}`,
    actor,
    object: { kind: 'consent', id },
  });
  return asReceipt((await selectRecord(tx, workspaceId, id))!);
}

const asReceipt = (row: ConsentRow): ConsentReceipt => ({
  id: row.id,
  subjectKind: row.subject_kind as ConsentReceipt['subjectKind'],
  pseudonym: row.subject,
  purpose: row.purpose as ConsentPurpose,
  decision: row.decision as ConsentReceipt['decision'],
  method: row.method as ConsentReceipt['method'],
  policyHash: row.policy_hash,
  decidedAt: row.decided_at,
  expiresAt: row.expires_at,
  withdraws: row.withdraws,
  withdrawnBy: row.withdrawn_by,
  recordedAt: row.recorded_at,
});
