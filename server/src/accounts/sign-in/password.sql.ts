// Statements on accounts.password.

import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';

const SET = statement<never>(
  'accounts.set_password',
  'security',
  `insert into accounts.password (person_id, hash)
   values ($1::uuid, $2::bytea)
       on conflict (person_id) do update
      set hash = excluded.hash,
          changed_at = (select platform.clock())`,
);

/** Sets the password of a person, in place of the one before. */
export const setPassword = (tx: Tx, personId: string, hash: Sealed) => tx.exec(SET, [personId, hash]);

const RENEW = statement<never>(
  'accounts.renew_password_hash',
  'security',
  `update accounts.password
      set hash = $3::bytea
    where person_id = $1::uuid
      and hash = $2::bytea`,
);

/** The same password under today's cost, unless it was changed meanwhile. */
export const renewHash = (tx: Tx, personId: string, old: Buffer, hash: Sealed) =>
  tx.exec(RENEW, [personId, old, hash]);

const READ = statement<{ hash: Buffer }>(
  'accounts.read_password',
  'security',
  `select w.hash
     from accounts.password w
     join accounts.person p on p.id = w.person_id
    where w.person_id = $1::uuid
      and p.closed_at is null`,
);

export const readPassword = async (tx: Tx, personId: string): Promise<Buffer | undefined> =>
  (await tx.exec(READ, [personId]))[0]?.hash;
