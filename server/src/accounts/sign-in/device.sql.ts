// Statements on accounts.device.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { KeyedHash } from '#privacy';

const INSERT = statement<never>(
  'accounts.insert_device',
  'security',
  `insert into accounts.device (person_id, token_hash, recovery_hash, system, app_version)
   values ($1::uuid, $2::bytea, $3::bytea, $4::text, $5::text)`,
);

export const insertDevice = (
  tx: Tx,
  row: {
    readonly personId: string;
    readonly token: KeyedHash;
    readonly recovery: KeyedHash;
    readonly system: string | null;
    readonly appVersion: string | null;
  },
) => tx.exec(INSERT, [row.personId, row.token, row.recovery, row.system, row.appVersion]);

const FIND = statement<{ person_id: string }>(
  'accounts.find_device',
  'security',
  `select d.person_id
     from accounts.device d
     join accounts.person p on p.id = d.person_id
    where d.token_hash = any($1::bytea[])
      and p.closed_at is null
    limit 1`,
);

/** Whose device a token names; by the unique index on token_hash. */
export const findDevice = async (tx: Tx, hashes: readonly Buffer[]): Promise<string | undefined> =>
  (await tx.exec(FIND, [arrays.bytea(hashes)]))[0]?.person_id;

const MOVE = statement<{ person_id: string; personal_workspace_id: string | null }>(
  'accounts.move_device',
  'security',
  `update accounts.device d
      set token_hash = $2::bytea,
          recovery_hash = $3::bytea,
          changed_at = (select platform.clock())
     from accounts.person p
    where d.recovery_hash = any($1::bytea[])
      and p.id = d.person_id
      and p.closed_at is null
   returning d.person_id, p.personal_workspace_id`,
);

/** Gives the account a recovery code names new secrets: of many at once, one does. */
export const moveDevice = async (tx: Tx, recovery: readonly Buffer[], token: KeyedHash, next: KeyedHash) =>
  (await tx.exec(MOVE, [arrays.bytea(recovery), token, next]))[0];
