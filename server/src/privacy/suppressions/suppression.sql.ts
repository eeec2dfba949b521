// Statements on privacy.suppression. `find_suppressed` travels with the first round trip of a flush of messages.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { BlindIndex } from '../map/domains.ts';
import { readerFor } from '../reading/reader.ts';
import { privacy } from '../steward.ts';

const read = readerFor(privacy);

export interface SuppressionRow {
  readonly id: string;
  readonly kind: string;
  readonly covers: string;
  readonly source: string;
  readonly created_at: Date;
}

/** For each index asked about a look-up of its own by suppression_once: one number has a handful of rows at most. */
const FIND_SUPPRESSED = statement<{ at: number }>(
  'privacy.find_suppressed',
  'suppression',
  `select u.at
     from unnest($1::integer[], $2::uuid[], $3::bytea[], $4::boolean[])
       as u(at, workspace_id, number_index, marketing)
    where exists (
            select
              from privacy.suppression s
             where s.number_index = u.number_index
               and (s.workspace_id = u.workspace_id or s.workspace_id is null)
               and (u.marketing or s.covers = 'all'))`,
);

const ANY = statement<{ some: boolean }>(
  'privacy.is_any_suppressed',
  'suppression',
  `select exists (select from privacy.suppression) as some`,
);

/** Whether there is any suppression at all: then there is nothing to ask about any number. */
export const isAnySuppressed = async (tx: Tx): Promise<boolean> => (await tx.exec(ANY, []))[0]!.some;

/** One question: a number, by one of its indexes, for one workspace. `at` is whatever the asker counts by. */
export interface Asked {
  readonly at: number;
  readonly workspaceId: string;
  readonly numberIndex: BlindIndex;
  /** Whether what would be sent is marketing, which every suppression covers. */
  readonly marketing: boolean;
}

export const findSuppressed = async (tx: Tx, asked: readonly Asked[]): Promise<number[]> => {
  const rows = await tx.exec(FIND_SUPPRESSED, [
    arrays.integer(asked.map(({ at }) => at)),
    arrays.uuid(asked.map(({ workspaceId }) => workspaceId)),
    arrays.bytea(asked.map(({ numberIndex }) => numberIndex)),
    arrays.boolean(asked.map(({ marketing }) => marketing)),
  ]);
  return rows.map(({ at }) => at);
};

export interface NewRow {
  readonly id: string;
  readonly workspaceId: string | null;
  readonly numberIndex: BlindIndex;
  readonly kind: string;
  readonly covers: string;
  readonly source: string;
}

const INSERT = statement<SuppressionRow & { added: boolean }>(
  'privacy.insert_suppression',
  'suppression',
  `insert into privacy.suppression as s (id, workspace_id, number_index, kind, covers, source)
   values ($1::uuid, $2::uuid, $3::bytea, $4::text, $5::text, $6::text)
   on conflict on constraint suppression_once do update
      set covers = case when excluded.covers = 'all' then 'all' else s.covers end
   returning new.id, new.kind, new.covers, new.source, new.created_at, old.id is null as added`,
);

/** Adds a suppression, or widens the one there is; `added` tells which. */
export const insertSuppression = async (tx: Tx, row: NewRow) =>
  (await tx.exec(INSERT, [row.id, row.workspaceId, row.numberIndex, row.kind, row.covers, row.source]))[0]!;

const RENEW = statement<never>(
  'privacy.renew_suppressions',
  'suppression',
  `update privacy.suppression s
      set number_index = $1::bytea
     from (
       select distinct on (o.workspace_id, o.kind) o.id
         from privacy.suppression o
        where o.number_index = any($2::bytea[])
          and not exists (
                select
                  from privacy.suppression n
                 where n.number_index = $1::bytea
                   and n.workspace_id is not distinct from o.workspace_id
                   and n.kind = o.kind)
        order by o.workspace_id, o.kind, o.created_at) first
    where s.id = first.id`,
);

/** Moves what stands longest under older indexes of a number to the newest one, where nothing stands there yet. */
export const renewRows = (tx: Tx, newest: BlindIndex, older: readonly BlindIndex[]): Promise<never[]> =>
  tx.exec(RENEW, [newest, arrays.bytea(older)]);

/** A workspace's own, newest first, along suppression_of_workspace. */
export function selectSuppressions(
  tx: Tx,
  workspaceId: string,
  below: string | null,
  limit: number,
): Promise<SuppressionRow[]> {
  const page = read(tx, 'suppression')
    .selectFrom('privacy.suppression')
    .select(['id', 'kind', 'covers', 'source', 'created_at'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(limit);
  return tx.run(below === null ? page : page.where('id', '<', below));
}

const LIFT = statement<{ liftable: boolean; lifted: boolean }>(
  'privacy.lift_suppression',
  'suppression',
  `with wanted as materialized (
     select s.id,
            s.kind in ('stop', 'objection')
              and exists (
                    select
                      from privacy.consent_record c
                     where c.subject = s.number_index
                       and c.purpose = 'marketing'
                       and c.workspace_id = s.workspace_id
                       and c.subject_kind = 'recipient'
                       and c.decision = 'given'
                       and c.decided_at > s.created_at
                       and (c.expires_at is null or c.expires_at > (select platform.clock()))
                       and not exists (select from privacy.consent_record w where w.withdraws = c.id)) as liftable
       from privacy.suppression s
      where s.id = $2::uuid
        and s.workspace_id = $1::uuid
        for update
   ), lifted as (
     delete from privacy.suppression s
      using wanted w
      where s.id = w.id
        and w.liftable
     returning s.id
   )
   select w.liftable, exists (select from lifted) as lifted from wanted w`,
);

/** Lifts a stop or an objection that the recipient has taken back; undefined where there is none. */
export const liftRow = async (tx: Tx, workspaceId: string, id: string): Promise<boolean | undefined> =>
  (await tx.exec(LIFT, [workspaceId, id]))[0]?.lifted;

const COVERING_ALL = statement<{ found: boolean }>(
  'privacy.find_suppression_covering_all',
  'suppression',
  `select exists (select from privacy.suppression s where s.covers = 'all') as found`,
);

/** Whether any suppression covers all classes, by suppression_covering_all. */
export const existsCoveringAll = async (tx: Tx): Promise<boolean> =>
  (await tx.exec(COVERING_ALL, []))[0]!.found;
