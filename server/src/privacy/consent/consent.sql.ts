// Statements on the ledger of consent. Rows are added and read, never changed; expiry.sql.ts has their end.
import { sql } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { BlindIndex } from '../map/domains.ts';
import { readerFor } from '../reading/reader.ts';
import { privacy } from '../steward.ts';

const read = readerFor(privacy);

const CLOCK = sql<Date>`(select platform.clock())`;

export interface ConsentRow {
  readonly id: string;
  readonly subject_kind: string;
  readonly subject: BlindIndex;
  readonly purpose: string;
  readonly decision: string;
  readonly method: string;
  readonly policy_hash: Buffer | null;
  readonly withdraws: string | null;
  readonly decided_at: Date;
  readonly expires_at: Date | null;
  readonly recorded_at: Date;
  readonly withdrawn_by: string | null;
}

/** A record with what withdrew it, by consent_withdrawn_once. */
const records = (tx: Tx) =>
  read(tx, 'legal')
    .selectFrom('privacy.consent_record as c')
    .leftJoin('privacy.consent_record as w', 'w.withdraws', 'c.id')
    .select([
      'c.id',
      'c.subject_kind',
      'c.subject',
      'c.purpose',
      'c.decision',
      'c.method',
      'c.policy_hash',
      'c.withdraws',
      'c.decided_at',
      'c.expires_at',
      'c.recorded_at',
      'w.id as withdrawn_by',
    ]);

/** Receipts of a workspace's ledger, newest first, along consent_of_workspace. */
export function selectPage(
  tx: Tx,
  workspaceId: string,
  below: string | null,
  limit: number,
): Promise<ConsentRow[]> {
  const page = records(tx).where('c.workspace_id', '=', workspaceId).orderBy('c.id', 'desc').limit(limit);
  return tx.run(below === null ? page : page.where('c.id', '<', below));
}

/** One record of a workspace's ledger. */
export async function selectRecord(tx: Tx, workspaceId: string, id: string): Promise<ConsentRow | undefined> {
  const [row] = await tx.run(records(tx).where('c.id', '=', id).where('c.workspace_id', '=', workspaceId));
  return row;
}

export interface NewRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly subjectKind: string;
  readonly subject: BlindIndex;
  readonly purpose: string;
  readonly decision: 'given' | 'withdrawn' | 'objected';
  readonly method: string;
  readonly policyHash: Buffer | null;
  readonly withdraws: string | null;
  /** The newest record of its subject and purpose so far, under whatever epoch of the index. */
  readonly answers: string | null;
  /** Null: now. */
  readonly decidedAt: Date | null;
  readonly expiresAt: Date | null;
}

/** Adds a record; nothing happens when it withdraws what is withdrawn already. */
export async function insertRecord(tx: Tx, row: NewRecord): Promise<void> {
  await tx.run(
    q
      .insertInto('privacy.consent_record')
      .values({
        id: row.id,
        workspace_id: row.workspaceId,
        subject_kind: row.subjectKind,
        subject: row.subject,
        purpose: row.purpose,
        decision: row.decision,
        method: row.method,
        policy_hash: row.policyHash,
        withdraws: row.withdraws,
        answers: row.answers,
        decided_at: row.decidedAt ?? CLOCK,
        expires_at: row.expiresAt,
      })
      .onConflict((conflict) => conflict.column('withdraws').where('withdraws', 'is not', null).doNothing()),
  );
}

export interface CurrentRow {
  readonly id: string;
  readonly purpose: string;
  readonly decision: string;
  readonly decided_at: Date;
  readonly expires_at: Date | null;
  readonly expired: boolean;
}

/** The newest record of each purpose, for a subject by any of its indexes. By consent_of_subject. */
const CURRENT = statement<CurrentRow>(
  'privacy.read_current_consents',
  'legal',
  `select distinct on (c.purpose)
          c.id, c.purpose, c.decision, c.decided_at, c.expires_at,
          coalesce(c.expires_at <= (select platform.clock()), false) as expired
     from privacy.consent_record c
    where c.subject = any($2::bytea[])
      and c.workspace_id = $1::uuid
    order by c.purpose, c.id desc`,
);

export const selectCurrent = (
  tx: Tx,
  workspaceId: string,
  subjects: readonly BlindIndex[],
): Promise<CurrentRow[]> => tx.exec(CURRENT, [workspaceId, subjects]);

const FIND_CONSENTED = statement<{ at: number }>(
  'privacy.find_consented',
  'legal',
  `select newest.at
     from (
       select distinct on (u.at) u.at, c.decision, c.expires_at
         from unnest($1::integer[], $2::uuid[], $3::bytea[]) as u(at, workspace_id, subject)
         join privacy.consent_record c
           on c.subject = u.subject
          and c.purpose = $4::text
          and c.workspace_id = u.workspace_id
        where c.subject_kind = 'recipient'
        order by u.at, c.id desc
     ) newest
    where newest.decision = 'given'
      and (newest.expires_at is null or newest.expires_at > (select platform.clock()))`,
);

/** One question: a recipient, by one of their indexes, in the ledger of one workspace. `at` is what the asker counts by. */
export interface AskedConsent {
  readonly at: number;
  readonly workspaceId: string;
  readonly subject: BlindIndex;
}

/** Who among these consents to a purpose now; for each index a look-up by consent_of_subject. */
export const findConsented = async (
  tx: Tx,
  asked: readonly AskedConsent[],
  purpose: string,
): Promise<number[]> => {
  const rows = await tx.exec(FIND_CONSENTED, [
    arrays.integer(asked.map(({ at }) => at)),
    arrays.uuid(asked.map(({ workspaceId }) => workspaceId)),
    arrays.bytea(asked.map(({ subject }) => subject)),
    purpose,
  ]);
  return rows.map(({ at }) => at);
};

const NOW = statement<{ now: Date }>(
  'privacy.read_consent_clock',
  'operations',
  `select (select platform.clock()) as now`,
);

export const readNow = async (tx: Tx): Promise<Date> => (await tx.exec(NOW, []))[0]!.now;

const LOCK_SUBJECT = statement<never>(
  'privacy.lock_consents',
  'operations',
  `select pg_advisory_xact_lock(hashtextextended('privacy.consent|' || $1::uuid::text, 0))`,
);

/** Decisions of a workspace's ledger wait for each other until the transaction ends. */
export const lockLedger = (tx: Tx, workspaceId: string): Promise<never[]> =>
  tx.exec(LOCK_SUBJECT, [workspaceId]);
