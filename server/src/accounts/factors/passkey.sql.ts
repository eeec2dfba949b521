// Statements on accounts.passkey, and whether a challenge was spent.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';
import type { Passkey } from '../credentials/passkeys.ts';

const COLUMNS = `id, person_id, credential_id, public_key, user_handle, counter::float8 as counter, transports,
          backup_eligible, backed_up, name, created_at, last_used_at`;

export interface PasskeyRow {
  readonly id: string;
  readonly person_id: string;
  readonly credential_id: Buffer;
  readonly public_key: Buffer;
  readonly user_handle: Buffer;
  readonly counter: number;
  readonly transports: string[];
  readonly backup_eligible: boolean;
  readonly backed_up: boolean;
  readonly name: Buffer | null;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

const OF_PERSON = statement<PasskeyRow>(
  'accounts.list_passkeys',
  'security',
  `select ${COLUMNS}
     from accounts.passkey
    where person_id = $1::uuid
    order by id
    limit 20`,
);

/** The passkeys of a person, oldest first, by passkey_person. */
export const passkeysOf = (tx: Tx, personId: string): Promise<PasskeyRow[]> => tx.exec(OF_PERSON, [personId]);

const BY_CREDENTIAL = statement<PasskeyRow & { staff_role: string | null }>(
  'accounts.find_passkey',
  'security',
  `select k.id, k.person_id, k.credential_id, k.public_key, k.user_handle, k.counter::float8 as counter, k.transports,
          k.backup_eligible, k.backed_up, k.name, k.created_at, k.last_used_at, g.role as staff_role
     from accounts.passkey k
     join accounts.person p on p.id = k.person_id
     left join accounts.staff_grant g on g.person_id = p.id
    where k.credential_id = $1::bytea
      and p.closed_at is null`,
);

/** Whose passkey this is, by the unique index on credential_id. */
export const findPasskey = async (tx: Tx, credentialId: Buffer) =>
  (await tx.exec(BY_CREDENTIAL, [credentialId]))[0];

const INSERT = statement<PasskeyRow>(
  'accounts.insert_passkey',
  'security',
  `insert into accounts.passkey (id, person_id, credential_id, public_key, user_handle, counter, transports,
                                 backup_eligible, backed_up, name)
   values ($1::uuid, $2::uuid, $3::bytea, $4::bytea, $5::bytea, $6::bigint, $7::text[], $8::boolean, $9::boolean,
           $10::bytea)
       on conflict (credential_id) do nothing
   returning ${COLUMNS}`,
);

/** Keeps a passkey; false when somebody has it already. */
export const insertPasskey = async (
  tx: Tx,
  row: { readonly id: string; readonly personId: string; readonly userHandle: Buffer; readonly name: Sealed },
  passkey: Passkey,
): Promise<boolean> =>
  (
    await tx.exec(INSERT, [
      row.id,
      row.personId,
      passkey.credentialId,
      passkey.publicKey,
      row.userHandle,
      passkey.counter,
      [...passkey.transports],
      passkey.backupEligible,
      passkey.backedUp,
      row.name,
    ])
  ).length === 1;

const USE = statement<{ id: string }>(
  'accounts.use_passkey',
  'security',
  `update accounts.passkey
      set counter = $2::bigint,
          backed_up = $3::boolean,
          last_used_at = (select platform.clock())
    where id = $1::uuid
      and (counter < $2::bigint or (counter = 0 and $2::bigint = 0))
   returning id`,
);

/** Notes a use; false when the counter was passed meanwhile, or the passkey is gone. */
export const usePasskey = async (tx: Tx, id: string, counter: number, backedUp: boolean): Promise<boolean> =>
  (await tx.exec(USE, [id, counter, backedUp])).length === 1;

const RENAME = statement<PasskeyRow>(
  'accounts.rename_passkey',
  'security',
  `update accounts.passkey
      set name = $3::bytea
    where id = $2::uuid
      and person_id = $1::uuid
   returning ${COLUMNS}`,
);

export const renamePasskey = async (
  tx: Tx,
  personId: string,
  id: string,
  name: Sealed,
): Promise<PasskeyRow | undefined> => (await tx.exec(RENAME, [personId, id, name]))[0];

const DELETE = statement<{ id: string }>(
  'accounts.delete_passkey',
  'security',
  'delete from accounts.passkey where person_id = $1::uuid and id = $2::uuid returning id',
);

export const deletePasskey = async (tx: Tx, personId: string, id: string): Promise<boolean> =>
  (await tx.exec(DELETE, [personId, id])).length === 1;

const IS_SPENT = statement<{ id: string }>(
  'accounts.is_challenge_spent',
  'security',
  'select id from accounts.spent_challenge where id = $1::text',
);

export const isSpent = async (tx: Tx, challengeId: string): Promise<boolean> =>
  (await tx.exec(IS_SPENT, [challengeId])).length === 1;
