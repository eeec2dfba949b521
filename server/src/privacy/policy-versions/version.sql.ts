// Published policies: rows in, rows out. A handful of rows, written when an operator publishes and read at a start.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface PolicyVersionRow {
  readonly id: string;
  readonly hash: string;
  readonly name: string;
  readonly version: string;
  /** `2026-01-31` */
  readonly effective: string;
  readonly canonical: string;
  readonly material: boolean;
  readonly published_at: Date;
}

const columns = `v.id, v.hash, v.name, v.version, v.effective::text as effective, v.canonical, v.material, v.published_at`;

const LATEST = statement<PolicyVersionRow>(
  'privacy.read_latest_policy',
  'legal',
  `select ${columns}
     from privacy.policy_version v
    order by v.id desc
    limit 1`,
);

const HISTORY = statement<PolicyVersionRow>(
  'privacy.list_policies',
  'legal',
  `select ${columns}
     from privacy.policy_version v
    order by v.id desc
    limit $1::integer`,
);

const INSERT = statement<{ readonly id: string }>(
  'privacy.insert_policy',
  'legal',
  `insert into privacy.policy_version (id, hash, name, version, effective, canonical, material)
   values ($1::uuid, $2::text, $3::text, $4::text, $5::date, $6::text, $7::boolean)
   on conflict (hash) do nothing
   returning id`,
);

/** The policy published last; undefined before the first. */
export const readLatestPolicy = async (tx: Tx): Promise<PolicyVersionRow | undefined> =>
  (await tx.exec(LATEST, []))[0];

/** What was published, newest first, at most `limit`. */
export const listPolicies = (tx: Tx, limit: number): Promise<PolicyVersionRow[]> => tx.exec(HISTORY, [limit]);

/** Adds a version; false when the same content is there already. */
export const insertPolicy = async (tx: Tx, row: Omit<PolicyVersionRow, 'published_at'>): Promise<boolean> =>
  (
    await tx.exec(INSERT, [
      row.id,
      row.hash,
      row.name,
      row.version,
      row.effective,
      row.canonical,
      row.material,
    ])
  ).length === 1;
