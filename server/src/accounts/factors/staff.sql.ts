// Statements on accounts.staff_grant.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface StaffRow {
  readonly person_id: string;
  readonly email: Buffer | null;
  readonly role: string;
  readonly has_factor: boolean;
  readonly granted_at: Date;
}

const MEMBERS = `select g.person_id, p.email, g.role, g.granted_at,
          exists (select from accounts.totp t where t.person_id = p.id and t.confirmed_at is not null)
          or exists (select from accounts.passkey k where k.person_id = p.id) as has_factor
     from accounts.staff_grant g
     join accounts.person p on p.id = g.person_id
    where p.closed_at is null`;

const PAGE = statement<StaffRow>(
  'accounts.list_staff',
  'security',
  `${MEMBERS}
      and ($1::uuid is null or g.person_id < $1::uuid)
    order by g.person_id desc
    limit $2::integer`,
);

/** Staff whose id is below `before`, by the primary key. */
export const selectStaffPage = (tx: Tx, before: string | null, limit: number): Promise<StaffRow[]> =>
  tx.exec(PAGE, [before, limit]);

const ONE = statement<StaffRow>('accounts.find_staff', 'security', `${MEMBERS} and g.person_id = $1::uuid`);

export const selectStaff = async (tx: Tx, personId: string): Promise<StaffRow | undefined> =>
  (await tx.exec(ONE, [personId]))[0];

const GRANT = statement<{ person_id: string }>(
  'accounts.grant_staff_role',
  'security',
  `insert into accounts.staff_grant (person_id, role)
   values ($1::uuid, $2::text)
       on conflict (person_id) do update
      set role = excluded.role,
          granted_at = (select platform.clock())
    where accounts.staff_grant.role <> excluded.role
   returning person_id`,
);

/** Grants a role in place of the one before; false when they had it already. */
export const grantRole = async (tx: Tx, personId: string, role: string): Promise<boolean> =>
  (await tx.exec(GRANT, [personId, role])).length === 1;

const REMOVE = statement<{ person_id: string }>(
  'accounts.remove_staff_role',
  'security',
  'delete from accounts.staff_grant where person_id = $1::uuid returning person_id',
);

export const removeRole = async (tx: Tx, personId: string): Promise<boolean> =>
  (await tx.exec(REMOVE, [personId])).length === 1;

/** In the order of ids, so that two who take roles away wait for each other instead of counting each other. */
const LOCK_ADMINISTRATORS = statement<{ person_id: string }>(
  'accounts.lock_administrators',
  'security',
  `select g.person_id
     from accounts.staff_grant g
     join accounts.person p on p.id = g.person_id
    where g.role = 'administrator'
      and p.closed_at is null
    order by g.person_id
    limit 100
      for update of g`,
);

/** Every administrator with an open account, their grants locked until the transaction ends; by staff_grant_role. */
export const lockAdministrators = async (tx: Tx): Promise<string[]> =>
  (await tx.exec(LOCK_ADMINISTRATORS, [])).map((row) => row.person_id);
