// The routes by which administrators say who is staff.
import { decodeId } from '@sotto/contract';
import {
  grantStaff as grantOperation,
  listStaff as listOperation,
  removeStaff as removeOperation,
} from '@sotto/contract/admin/staff';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { actorOf } from '#privacy/audit';
import type { Authenticator } from '../authenticator.ts';
import { readEmailAddress } from '../credentials/email-address.ts';
import { EMAIL_INDEX } from '../people/people.ts';
import { findByEmail } from '../people/person.sql.ts';
import type { AdminPrincipal } from '../principal.ts';
import { presentStaff } from './present.ts';
import { grantStaff, listStaff, removeStaff, type StaffRefusal } from './staff.ts';

export interface StaffRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly authenticator: Pick<Authenticator, 'forget'>;
}

export function staffRoutes({ db, keyring, authenticator }: StaffRoutesOptions): readonly Route[] {
  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, AdminPrincipal>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      const members = await db.batch((tx) => listStaff(tx, keyring, page));
      return pageAnswer(members, query.limit, ({ personId }) => personId, presentStaff);
    }),
    inTransaction(grantOperation, async (call: Call<typeof grantOperation, AdminPrincipal>, tx) => {
      const { caller, body } = call;
      const personId = await accountOf(tx, body);
      if (personId === null) throw refusal('unknown');
      const granted = await grantStaff(tx, keyring, personId, body.role, caller.personId, actorOf(call));
      if (typeof granted === 'string') throw refusal(granted);
      authenticator.forget(personId);
      return presentStaff(granted);
    }),
    inTransaction(removeOperation, async (call: Call<typeof removeOperation, AdminPrincipal>, tx) => {
      const personId = decodeId('acc', call.params.id);
      const outcome = personId === null ? 'unknown' : await removeStaff(tx, keyring, personId, actorOf(call));
      if (outcome !== 'removed') throw refusal(outcome);
      authenticator.forget(personId!);
      return undefined;
    }),
  ];

  async function accountOf(
    tx: Tx,
    { email, account_id: accountId }: Call<typeof grantOperation, AdminPrincipal>['body'],
  ): Promise<string | null> {
    if (accountId !== undefined) return decodeId('acc', accountId);
    const read = readEmailAddress(email!);
    if (read.state === 'refused') return null;
    const row = await findByEmail(tx, keyring.globalIndexCandidates(EMAIL_INDEX, read.email.index));
    return row?.id ?? null;
  }
}

function refusal(reason: StaffRefusal): AppError {
  switch (reason) {
    case 'unknown':
      return new AppError('not_found');
    case 'self':
      return new AppError('forbidden', { detail: 'Nobody grants a role to themselves.' });
    case 'last_administrator':
      return new AppError('conflict', { detail: 'The last administrator stays one.' });
  }
}
