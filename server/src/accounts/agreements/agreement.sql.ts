// Statements on agreements and their acceptances.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface AgreementRow {
  readonly id: string;
  readonly version: string;
  readonly text: string;
  readonly digest: Buffer;
  readonly required_from: Date | null;
  readonly published_at: Date;
}

/** One at a time: which version is the newest must not change while one is published. */
const LOCK = statement<never>(
  'accounts.lock_agreements',
  'operations',
  `select pg_advisory_xact_lock(hashtextextended('accounts agreements', 0))`,
);

export const lockAgreements = (tx: Tx): Promise<unknown> => tx.exec(LOCK, []);

const INSERT = statement<AgreementRow>(
  'accounts.insert_agreement',
  'operations',
  `insert into accounts.agreement (id, version, text, digest, required_from)
   values ($1::uuid, $2::text, $3::text, $4::bytea, $5::timestamptz)
       on conflict (version) do nothing
   returning id, version, text, digest, required_from, published_at`,
);

/** Undefined when there is such a version. */
export const insertAgreement = async (
  tx: Tx,
  row: Pick<AgreementRow, 'id' | 'version' | 'text' | 'digest' | 'required_from'>,
): Promise<AgreementRow | undefined> =>
  (await tx.exec(INSERT, [row.id, row.version, row.text, row.digest, row.required_from]))[0];

const CURRENT = statement<AgreementRow>(
  'accounts.find_current_agreement',
  'service',
  `select id, version, text, digest, required_from, published_at
     from accounts.agreement
    order by id desc
    limit 1`,
);

/** The one published last, by its primary key. */
export const findCurrent = async (tx: Tx): Promise<AgreementRow | undefined> =>
  (await tx.exec(CURRENT, []))[0];

export type ListedRow = Omit<AgreementRow, 'text'> & { readonly acceptances: number };

const PAGE = statement<ListedRow>(
  'accounts.list_agreements',
  'service',
  `select a.id, a.version, a.digest, a.required_from, a.published_at,
          (select count(*) from accounts.agreement_acceptance c where c.agreement_id = a.id)::integer as acceptances
     from accounts.agreement a
    where $1::uuid is null or a.id < $1::uuid
    order by a.id desc
    limit $2::integer`,
);

export const pageOfAgreements = (tx: Tx, before: string | null, limit: number): Promise<ListedRow[]> =>
  tx.exec(PAGE, [before, limit]);

export interface AcceptanceRow {
  readonly workspace_id: string;
  readonly accepted_at: Date;
  readonly accepted_by: string | null;
}

const ACCEPTANCES = statement<AcceptanceRow>(
  'accounts.list_agreement_acceptances',
  'service',
  `select workspace_id, accepted_at, accepted_by
     from accounts.agreement_acceptance
    where agreement_id = $1::uuid
      and ($2::uuid is null or workspace_id < $2::uuid)
    order by workspace_id desc
    limit $3::integer`,
);

/** By agreement_acceptance_of. */
export const pageOfAcceptances = (
  tx: Tx,
  agreementId: string,
  before: string | null,
  limit: number,
): Promise<AcceptanceRow[]> => tx.exec(ACCEPTANCES, [agreementId, before, limit]);

const EXISTS = statement<{ id: string }>(
  'accounts.find_agreement',
  'operations',
  'select id from accounts.agreement where id = $1::uuid',
);

export const agreementExists = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.exec(EXISTS, [id])).length > 0;

const ACCEPT = statement<{ workspace_id: string }>(
  'accounts.accept_agreement',
  'service',
  `insert into accounts.agreement_acceptance (workspace_id, agreement_id, accepted_by)
   values ($1::uuid, $2::uuid, $3::uuid)
       on conflict (workspace_id, agreement_id) do nothing
   returning workspace_id`,
);

/** False when it was accepted before: the first acceptance stands. */
export const insertAcceptance = async (
  tx: Tx,
  workspaceId: string,
  agreementId: string,
  personId: string,
): Promise<boolean> => (await tx.exec(ACCEPT, [workspaceId, agreementId, personId])).length > 0;

export interface AcceptedRow extends Pick<AgreementRow, 'version' | 'digest'> {
  readonly accepted_at: Date;
  readonly accepted_by: string | null;
}

const LATEST = statement<AcceptedRow>(
  'accounts.find_latest_acceptance',
  'service',
  `select a.version, a.digest, c.accepted_at, c.accepted_by
     from accounts.agreement_acceptance c
     join accounts.agreement a on a.id = c.agreement_id
    where c.workspace_id = $1::uuid
    order by a.id desc
    limit 1`,
);

/** The latest version a workspace accepted. */
export const findLatestAccepted = async (tx: Tx, workspaceId: string): Promise<AcceptedRow | undefined> =>
  (await tx.exec(LATEST, [workspaceId]))[0];

const WAITS = statement<{ waits: boolean }>(
  'accounts.waits_for_agreement',
  'service',
  `select coalesce(
            (select max(id::text)::uuid
               from accounts.agreement
              where required_from <= (select platform.clock()))
              > coalesce((select max(agreement_id::text)::uuid
                            from accounts.agreement_acceptance
                           where workspace_id = $1::uuid),
                         '00000000-0000-0000-0000-000000000000'::uuid),
            false) as waits
     from accounts.workspace
    where id = $1::uuid
      and kind = 'organisation'`,
);

/** Whether this is an organisation that accepted neither the newest required version nor a later one. */
export const waitsForAgreement = async (tx: Tx, workspaceId: string): Promise<boolean> =>
  (await tx.exec(WAITS, [workspaceId]))[0]?.waits === true;
