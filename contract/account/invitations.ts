// Invitations: a mail whose link makes the owner of its address a member, once and within a week. Answers never tell
// whether an address has an account.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { emailSchema } from '../email.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { personal } from '../personal.ts';
import { instantSchema } from '../time.ts';
import { givenSecretSchema } from './fields.ts';
import { roleSchema } from './members.ts';
import { ownWorkspaceSchema } from './workspace.ts';

/** Open invitations of a workspace. */
export const invitationsMax = 100;

const invitationFields = {
  id: idSchema('ivt'),
  role: roleSchema,
  created_at: instantSchema,
  expires_at: instantSchema.describe('From then on the link opens nothing, and the address is gone.'),
};

export const invitationSchema = z
  .strictObject({ ...invitationFields, email: personal('email', z.string()).nullable() })
  .meta({ id: 'Invitation' });

export const sentInvitationSchema = z
  .strictObject(invitationFields)
  .meta({ id: 'SentInvitation', description: 'Without the address, which is kept in one place alone.' });

export const listInvitations = operation({
  id: 'invitations.list',
  method: 'GET',
  path: '/v1/invitations',
  scope: 'members:read',
  summary: 'List open invitations',
  description: `Newest first; there are ${invitationsMax} at most.`,
  purpose: 'service',
  feature: 'organisations',
  request: {},
  responses: {
    200: z
      .strictObject({ data: z.array(invitationSchema) })
      .meta({ id: 'Invitations' })
      .describe('Those that are neither accepted nor revoked nor too old.'),
  },
  errors: [],
  idempotent: true,
});

export const createInvitation = operation({
  id: 'invitations.create',
  method: 'POST',
  path: '/v1/invitations',
  scope: 'members:write',
  summary: 'Invite somebody',
  description:
    'Sends a mail with a link that works once, for seven days, for the account of that address: who has none signs up ' +
    'first. Inviting an address again replaces the invitation before. Nobody gives more than they have.',
  purpose: 'service',
  feature: 'organisations',
  request: {
    body: z.strictObject({ email: emailSchema, role: roleSchema }).meta({ id: 'CreateInvitation' }),
  },
  responses: { 201: sentInvitationSchema.describe('A mail is on its way.') },
  errors: ['forbidden', 'conflict', 'plan_limit'],
  idempotent: false,
  examples: { body: { email: 'ada@example.com', role: 'developer' } },
});

export const revokeInvitation = operation({
  id: 'invitations.revoke',
  method: 'DELETE',
  path: '/v1/invitations/{id}',
  scope: 'members:write',
  summary: 'Revoke an invitation',
  description: 'Its link opens nothing any more, and the address is erased.',
  purpose: 'service',
  feature: 'organisations',
  request: { params: z.strictObject({ id: idSchema('ivt') }) },
  responses: { 204: noContent },
  errors: ['forbidden'],
  idempotent: true,
});

export const acceptInvitation = operation({
  id: 'invitations.accept',
  method: 'POST',
  path: '/v1/invitations/accept',
  scope: 'account:write',
  summary: 'Accept an invitation',
  description:
    'By the link of the mail, signed in to the account of the invited address. Accepting again answers the membership ' +
    'there is; a role somebody has already stays.',
  purpose: 'service',
  feature: 'organisations',
  request: { body: z.strictObject({ token: givenSecretSchema }).meta({ id: 'AcceptInvitation' }) },
  responses: { 200: ownWorkspaceSchema.describe('The organisation, with your role.') },
  errors: ['link_invalid', 'forbidden', 'conflict', 'plan_limit'],
  idempotent: true,
  examples: { body: { token: `sotto_link_${'0'.repeat(42)}` } },
});
