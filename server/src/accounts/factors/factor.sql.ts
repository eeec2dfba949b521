// Statements on accounts.totp and accounts.recovery_code, and whether somebody has a second factor at all.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { KeyedHash, Sealed } from '#privacy';

const LOCK = statement<{ id: string }>(
  'accounts.share_person',
  'security',
  'select id from accounts.person where id = $1::uuid for key share',
);
const STANDING = statement<{ has_factor: boolean; staff_role: string | null }>(
  'accounts.read_factor_standing',
  'security',
  `select exists (select from accounts.totp t where t.person_id = p.id and t.confirmed_at is not null)
          or exists (select from accounts.passkey k where k.person_id = p.id) as has_factor,
          g.role as staff_role
     from accounts.person p
     left join accounts.staff_grant g on g.person_id = p.id
    where p.id = $1::uuid`,
);

/**
 * What a sign-in of this person asks for, and their role of the staff. Until the transaction ends neither changes: what
 * changes them locks the person.
 */
export async function standingOf(
  tx: Tx,
  personId: string,
): Promise<{ readonly hasFactor: boolean; readonly staffRole: string | null }> {
  // A statement of its own, so that the next one sees what was waited for.
  await tx.exec(LOCK, [personId]);
  const row = (await tx.exec(STANDING, [personId]))[0];
  return { hasFactor: row?.has_factor ?? false, staffRole: row?.staff_role ?? null };
}

export interface TotpRow {
  readonly secret: Buffer;
  readonly confirmed_at: Date | null;
  /** Steps stay below 2^53 for longer than dates can be written. */
  readonly last_used_step: number | null;
  readonly now: Date;
}

const READ_TOTP = statement<TotpRow>(
  'accounts.read_totp',
  'security',
  `select secret, confirmed_at, last_used_step::float8 as last_used_step, platform.clock() as now
     from accounts.totp
    where person_id = $1::uuid`,
);

export const readTotp = async (tx: Tx, personId: string): Promise<TotpRow | undefined> =>
  (await tx.exec(READ_TOTP, [personId]))[0];

const ENROL_TOTP = statement<{ person_id: string }>(
  'accounts.enrol_totp',
  'security',
  `insert into accounts.totp (person_id, secret)
   values ($1::uuid, $2::bytea)
       on conflict (person_id) do update
      set secret = excluded.secret,
          created_at = (select platform.clock())
    where accounts.totp.confirmed_at is null
   returning person_id`,
);

/** Stores a secret that is to be confirmed, in place of one that was not; false when one is in force. */
export const enrolTotp = async (tx: Tx, personId: string, secret: Sealed): Promise<boolean> =>
  (await tx.exec(ENROL_TOTP, [personId, secret])).length === 1;

const CONFIRM_TOTP = statement<{ person_id: string }>(
  'accounts.confirm_totp',
  'security',
  `update accounts.totp
      set confirmed_at = (select platform.clock()),
          last_used_step = $3::bigint
    where person_id = $1::uuid
      and secret = $2::bytea
      and confirmed_at is null
   returning person_id`,
);

/** Puts the very secret in force whose code was seen; false when it was replaced or confirmed meanwhile. */
export const confirmTotp = async (tx: Tx, personId: string, secret: Buffer, step: number): Promise<boolean> =>
  (await tx.exec(CONFIRM_TOTP, [personId, secret, step])).length === 1;

const USE_STEP = statement<{ person_id: string }>(
  'accounts.use_totp_step',
  'security',
  `update accounts.totp
      set last_used_step = $2::bigint
    where person_id = $1::uuid
      and confirmed_at is not null
      and (last_used_step is null or last_used_step < $2::bigint)
   returning person_id`,
);

/** Uses a step up: of many at once, one does. */
export const useStep = async (tx: Tx, personId: string, step: number): Promise<boolean> =>
  (await tx.exec(USE_STEP, [personId, step])).length === 1;

const DELETE_TOTP = statement<{ confirmed: boolean }>(
  'accounts.delete_totp',
  'security',
  'delete from accounts.totp where person_id = $1::uuid returning confirmed_at is not null as confirmed',
);

/** Whether one in force was removed; one that was never confirmed goes without a word. */
export const deleteTotp = async (tx: Tx, personId: string): Promise<boolean> =>
  (await tx.exec(DELETE_TOTP, [personId]))[0]?.confirmed ?? false;

const READ_CODES = statement<{ code_hash: Buffer }>(
  'accounts.read_recovery_codes',
  'security',
  'select code_hash from accounts.recovery_code where person_id = $1::uuid limit 20',
);

/** The hashes of unused codes. */
export const readRecoveryCodes = async (tx: Tx, personId: string): Promise<Buffer[]> =>
  (await tx.exec(READ_CODES, [personId])).map((row) => row.code_hash);

const DELETE_CODES = statement<never>(
  'accounts.delete_recovery_codes',
  'security',
  'delete from accounts.recovery_code where person_id = $1::uuid',
);
const INSERT_CODES = statement<never>(
  'accounts.insert_recovery_codes',
  'security',
  `insert into accounts.recovery_code (person_id, code_hash)
   select $1::uuid, code_hash from unnest($2::bytea[]) as given (code_hash)`,
);

/** Puts these codes in place of those there were; none: they are gone. */
export async function replaceRecoveryCodes(
  tx: Tx,
  personId: string,
  hashes: readonly KeyedHash[],
): Promise<void> {
  await tx.exec(DELETE_CODES, [personId]);
  if (hashes.length > 0) await tx.exec(INSERT_CODES, [personId, arrays.bytea(hashes)]);
}

const USE_CODE = statement<{ person_id: string }>(
  'accounts.use_recovery_code',
  'security',
  'delete from accounts.recovery_code where person_id = $1::uuid and code_hash = $2::bytea returning person_id',
);

/** Uses a code up: of many at once, one does. */
export const useRecoveryCode = async (tx: Tx, personId: string, hash: Buffer): Promise<boolean> =>
  (await tx.exec(USE_CODE, [personId, hash])).length === 1;
