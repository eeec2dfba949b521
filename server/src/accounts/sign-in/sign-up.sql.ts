// Statements on accounts.sign_up and accounts.link.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { KeyedHash, Sealed } from '#privacy';

export interface SignUpRow {
  readonly id: string;
  readonly email: Buffer;
  readonly password_hash: Buffer;
  readonly locale: string;
  readonly policy_hash: Buffer;
  readonly acceptance: string;
}

const INSERT = statement<never>(
  'accounts.insert_sign_up',
  'security',
  `insert into accounts.sign_up (id, email, password_hash, secret_hash, locale, policy_hash, acceptance, expires_at)
   values ($1::uuid, $2::bytea, $3::bytea, $4::bytea, $5::text, $6::bytea, $7::text,
           (select platform.clock()) + interval '1 day')`,
);

export const insertSignUp = (
  tx: Tx,
  row: Omit<SignUpRow, 'email' | 'password_hash'> & {
    readonly email: Sealed;
    readonly password_hash: Sealed;
    readonly secret_hash: KeyedHash;
  },
) =>
  tx.exec(INSERT, [
    row.id,
    row.email,
    row.password_hash,
    row.secret_hash,
    row.locale,
    row.policy_hash,
    row.acceptance,
  ]);

const TAKE = statement<SignUpRow>(
  'accounts.take_sign_up',
  'security',
  `delete from accounts.sign_up
    where secret_hash = any($1::bytea[])
      and expires_at > (select platform.clock())
   returning id, email, password_hash, locale, policy_hash, acceptance`,
);

/** Takes the sign-up a link belongs to: of many at once, one gets it. */
export const takeSignUp = async (tx: Tx, hashes: readonly Buffer[]): Promise<SignUpRow | undefined> =>
  (await tx.exec(TAKE, [arrays.bytea(hashes)]))[0];

const DROP_OPEN = statement<never>(
  'accounts.drop_open_link',
  'security',
  'delete from accounts.link where person_id = $1::uuid and purpose = $2::text and used_at is null',
);
const INSERT_LINK = statement<never>(
  'accounts.insert_link',
  'security',
  `insert into accounts.link (id, person_id, purpose, secret_hash, email, expires_at)
   values ($1::uuid, $2::uuid, $3::text, $4::bytea, $5::bytea, (select platform.clock()) + interval '30 minutes')
       on conflict (person_id, purpose) where used_at is null do nothing`,
);

export type LinkPurpose = 'reset_password' | 'change_email';

/** Makes the one open link of its kind; the one before opens nothing any more. */
export async function replaceLink(
  tx: Tx,
  row: {
    readonly id: string;
    readonly personId: string;
    readonly purpose: LinkPurpose;
    readonly hash: KeyedHash;
    readonly email: Sealed | null;
  },
): Promise<void> {
  await Promise.all([
    tx.exec(DROP_OPEN, [row.personId, row.purpose]),
    tx.exec(INSERT_LINK, [row.id, row.personId, row.purpose, row.hash, row.email]),
  ]);
}

const DROP_ALL_OPEN = statement<never>(
  'accounts.drop_open_links',
  'security',
  'delete from accounts.link where person_id = $1::uuid and used_at is null',
);

/** Ends every link of a person that is still open. By link_open. */
export const dropOpenLinks = (tx: Tx, personId: string) => tx.exec(DROP_ALL_OPEN, [personId]);

const USE = statement<{ id: string; person_id: string; email: Buffer | null }>(
  'accounts.use_link',
  'security',
  `update accounts.link l
      set used_at = (select platform.clock())
     from accounts.person p
    where l.secret_hash = any($1::bytea[])
      and l.purpose = $2::text
      and l.used_at is null
      and l.expires_at > (select platform.clock())
      and p.id = l.person_id
      and p.closed_at is null
   returning l.id, l.person_id, l.email`,
);

/** Uses a link: of many at once, one does. Undefined when it opens nothing. */
export const useLink = async (tx: Tx, hashes: readonly Buffer[], purpose: LinkPurpose) =>
  (await tx.exec(USE, [arrays.bytea(hashes), purpose]))[0];
