// The routes of organisations: opening, naming and closing them, and their members. Their powers are those of this
// moment, judged under the lock of the workspace; the scope that let the caller in may be seconds old.
import { decodeId } from '@sotto/contract';
import {
  listMembers as listOperation,
  removeMember as removeOperation,
  updateMember as updateOperation,
} from '@sotto/contract/account/members';
import {
  leaveOrganisation as leaveOperation,
  createOrganisation as openOperation,
  organisationsMax,
} from '@sotto/contract/account/organisations';
import {
  closeWorkspace as closeOperation,
  getWorkspace as getOperation,
  updateWorkspace as nameOperation,
} from '@sotto/contract/account/workspace';
import type { WorkspaceRole } from '@sotto/contract/roles';
import { demandAllowed, type Throttle } from '#abuse';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type Actor, actorOf, record } from '#privacy/audit';
import { type Holds, refuseUnlessHeld } from '#privacy/collection';
import type { Authenticator } from '../authenticator.ts';
import type { BoundsOf } from '../bounds.ts';
import type { PersonPrincipal, WorkspacePrincipal } from '../principal.ts';
import type { AccountMail } from '../sign-in/account-mail.ts';
import type { OpeningTerms } from '../sign-in/routes.ts';
import { nameWorkspace } from '../workspaces.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { personOf, refusalOf } from './member-refusals.ts';
import { changeMember, listMembers, type Member } from './members.ts';
import { closeOrganisation, openOrganisation, ownWorkspace } from './organisations.ts';
import { presentMember, presentOwnWorkspace } from './present.ts';

export interface MemberRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  readonly holds: Holds;
  readonly throttle: Pick<Throttle, 'takeWithin'>;
  readonly mail: AccountMail;
  readonly terms: Pick<OpeningTerms, 'currency'>;
  readonly boundsOf: BoundsOf;
}

export function memberRoutes(options: MemberRoutesOptions): readonly Route[] {
  const { db, keyring, authenticator, holds, throttle, terms } = options;

  /** Whoever asks, in their workspace of this moment. Throws `not_found` once it is closed. */
  async function ownOf(tx: Tx, { workspaceId, personId }: WorkspacePrincipal) {
    const own = await ownWorkspace(tx, keyring, workspaceId, personId);
    if (own === undefined) throw new AppError('not_found');
    return own;
  }

  async function change(
    tx: Tx,
    workspaceId: string,
    who: { actorId: string; personId: string; wanted: WorkspaceRole | null },
    actor: Actor,
  ): Promise<Member> {
    const changed = await changeMember(tx, keyring, workspaceId, who, actor);
    if (changed.outcome === 'unknown') throw new AppError('not_found');
    if (changed.outcome === 'refused') throw refusalOf(changed.reason);
    authenticator.forget(who.personId);
    return changed.member;
  }

  return [
    inTransaction(openOperation, async (call: Call<typeof openOperation, PersonPrincipal>, tx) => {
      const { caller, body } = call;
      refuseUnlessHeld(holds, 'user.contact.organization', 'name');
      const wanted = { name: body.name, currency: body.currency ?? terms.currency };
      const bounds = { ownedMax: organisationsMax, actor: actorOf(call) };
      const opened = await openOrganisation(tx, keyring, caller.personId, wanted, bounds);
      if (opened.outcome === 'too_many') {
        throw new AppError('conflict', {
          detail: `You own ${organisationsMax} organisations: close one first.`,
        });
      }
      demandAllowed(
        await throttle.takeWithin(tx, [{ limit: 'open_organisation.account', subject: caller.personId }]),
      );
      authenticator.forget(caller.personId);
      return presentOwnWorkspace(opened.workspace, 'owner');
    }),
    inTransaction(leaveOperation, async (call: Call<typeof leaveOperation, PersonPrincipal>, tx) => {
      const { personId } = call.caller;
      const workspaceId = decodeId('wrk', call.params.id);
      if (workspaceId === null) throw new AppError('not_found');
      await change(tx, workspaceId, { actorId: personId, personId, wanted: null }, actorOf(call));
      return undefined;
    }),

    reads(getOperation, async ({ caller }: Call<typeof getOperation, WorkspacePrincipal>) => {
      const { workspace, role } = await db.batch((tx) => ownOf(tx, caller));
      return presentOwnWorkspace(workspace, role);
    }),
    inTransaction(nameOperation, async (call: Call<typeof nameOperation, WorkspacePrincipal>, tx) => {
      const { caller, body } = call;
      const { workspace, role } = await ownOf(tx, caller);
      const category = workspace.kind === 'organisation' ? 'user.contact.organization' : 'user.name';
      refuseUnlessHeld(holds, category, 'name');
      await nameWorkspace(tx, keyring, workspace, body.name);
      const object = { kind: 'workspace', id: workspace.id } as const;
      await record(tx, keyring, { action: 'workspace.changed', actor: actorOf(call), object });
      return presentOwnWorkspace({ ...workspace, name: body.name }, role);
    }),
    inTransaction(closeOperation, async (call: Call<typeof closeOperation, WorkspacePrincipal>, tx) => {
      const { caller, body } = call;
      const { workspace, role } = await ownOf(tx, caller);
      if (decodeId('wrk', body.workspace_id) !== workspace.id) {
        throw new AppError('conflict', {
          field: 'workspace_id',
          detail: 'This is not the workspace you act in: name it in Sotto-Workspace.',
        });
      }
      const closed = await closeOrganisation(tx, keyring, workspace.id, personOf(caller), actorOf(call));
      switch (closed) {
        case 'personal':
          throw new AppError('conflict', { detail: 'A personal workspace ends with its account.' });
        case 'unknown':
          throw new AppError('not_found');
        case 'not_owner':
          throw refusalOf('owner_needed');
        case 'closed':
          authenticator.forget(workspace.id);
          return presentOwnWorkspace(workspace, role);
      }
    }),

    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, WorkspacePrincipal>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      const members = await db.batch((tx) => listMembers(tx, keyring, caller.workspaceId, page));
      return pageAnswer(members, query.limit, ({ personId }) => personId, presentMember);
    }),
    inTransaction(updateOperation, async (call: Call<typeof updateOperation, WorkspacePrincipal>, tx) => {
      const { caller, params, body } = call;
      const who = { actorId: personOf(caller), personId: memberIn(params.id), wanted: body.role };
      return presentMember(await change(tx, caller.workspaceId, who, actorOf(call)));
    }),
    inTransaction(removeOperation, async (call: Call<typeof removeOperation, WorkspacePrincipal>, tx) => {
      const { caller, params } = call;
      const who = { actorId: personOf(caller), personId: memberIn(params.id), wanted: null };
      await change(tx, caller.workspaceId, who, actorOf(call));
      return undefined;
    }),
    ...invitationRoutes(options),
  ];
}

function memberIn(id: string): string {
  const personId = decodeId('acc', id);
  if (personId === null) throw new AppError('not_found');
  return personId;
}
