// The routes of invitations.
import { decodeId } from '@sotto/contract';
import {
  acceptInvitation as acceptOperation,
  invitationsMax,
  createInvitation as inviteOperation,
  listInvitations as listOperation,
  revokeInvitation as revokeOperation,
} from '@sotto/contract/account/invitations';
import { demandAllowed } from '#abuse';
import { AppError, assertInvariant } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { actorOf } from '#privacy/audit';
import type { PersonPrincipal, WorkspacePrincipal } from '../principal.ts';
import { addressOf } from '../sign-in/given-address.ts';
import {
  type Accepted,
  acceptInvitation,
  type Invited,
  invite,
  listInvitations,
  revokeInvitation,
} from './invitations.ts';
import { personOf, refusalOf } from './member-refusals.ts';
import { ownWorkspace } from './organisations.ts';
import { presentOwnWorkspace, presentSent } from './present.ts';
import type { MemberRoutesOptions } from './routes.ts';

const BOUNDS = { openMax: invitationsMax };

export function invitationRoutes(options: MemberRoutesOptions): readonly Route[] {
  const { db, keyring, authenticator, throttle, mail, boundsOf } = options;
  return [
    reads(listOperation, async ({ caller }: Call<typeof listOperation, WorkspacePrincipal>) => {
      const open = await db.batch((tx) => listInvitations(tx, keyring, caller.workspaceId, BOUNDS));
      return { data: open.map((one) => ({ ...presentSent(one), email: one.email })) };
    }),
    inTransaction(inviteOperation, async (call: Call<typeof inviteOperation, WorkspacePrincipal>, tx) => {
      const { caller, body } = call;
      const { workspaceId } = caller;
      const email = addressOf(body.email);
      const wanted = { workspaceId, actorId: personOf(caller), email, role: body.role };
      const invited = await invite(tx, keyring, mail, wanted, { ...BOUNDS, boundsOf, actor: actorOf(call) });
      if (invited.outcome === 'refused') throw notInvited(invited.reason);
      // Last, for the buckets are locked until the commit.
      const asks = [
        { limit: 'invite.workspace', subject: workspaceId },
        { limit: 'invite.email', subject: email.index },
      ] as const;
      demandAllowed(await throttle.takeWithin(tx, asks));
      return presentSent(invited.invitation);
    }),
    inTransaction(revokeOperation, async (call: Call<typeof revokeOperation, WorkspacePrincipal>, tx) => {
      const { caller, params } = call;
      const id = decodeId('ivt', params.id);
      const which = { workspaceId: caller.workspaceId, actorId: personOf(caller), id: id ?? '' };
      if (id === null || !(await revokeInvitation(tx, keyring, which, actorOf(call))))
        throw new AppError('not_found');
      return undefined;
    }),
    inTransaction(acceptOperation, async (call: Call<typeof acceptOperation, PersonPrincipal>, tx) => {
      const { personId } = call.caller;
      const which = { personId, secret: call.body.token };
      const accepted = await acceptInvitation(tx, keyring, which, { boundsOf, actor: actorOf(call) });
      if (accepted.outcome === 'refused') throw notAccepted(accepted.reason);
      authenticator.forget(personId);
      const own = await ownWorkspace(tx, keyring, accepted.workspaceId, personId);
      assertInvariant(own !== undefined, 'nobody joins a workspace that is closed');
      return presentOwnWorkspace(own.workspace, accepted.role);
    }),
  ];
}

function notInvited(reason: Extract<Invited, { outcome: 'refused' }>['reason']): AppError {
  switch (reason) {
    case 'unknown':
      return new AppError('not_found');
    case 'personal':
      return new AppError('conflict', { detail: 'A personal workspace has no other members.' });
    case 'too_many':
      return new AppError('conflict', {
        detail: `${invitationsMax} invitations are open: revoke some first.`,
      });
    default:
      return refusalOf(reason);
  }
}

function notAccepted(reason: Extract<Accepted, { outcome: 'refused' }>['reason']): AppError {
  switch (reason) {
    case 'link_invalid':
      return new AppError('link_invalid');
    case 'another_address':
      return new AppError('forbidden', {
        detail: 'The invitation is for another address: sign in to the account of the one it was sent to.',
      });
    case 'too_many':
      return new AppError('conflict', { detail: 'The organisation is full, or you are in too many.' });
  }
}
