// Who works in a workspace, and as what.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { personal } from '../personal.ts';
import { workspaceRoles } from '../roles.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

export const roleSchema = z.enum(workspaceRoles, {
  error: says('invalid_request', `must be one of ${workspaceRoles.join(', ')}.`),
});

export const memberSchema = z
  .strictObject({
    id: idSchema('acc'),
    email: personal('email', z.string()).nullable().describe('Null for a device, and once erased.'),
    role: roleSchema,
    joined_at: instantSchema,
  })
  .meta({ id: 'Member' });

export type Member = z.output<typeof memberSchema>;

export const listMembers = operation({
  id: 'members.list',
  method: 'GET',
  path: '/v1/members',
  scope: 'members:read',
  summary: 'List members',
  description: 'Newest accounts first.',
  purpose: 'service',
  feature: 'organisations',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('MemberPage', memberSchema).describe('One page of members.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const updateMember = operation({
  id: 'members.update',
  method: 'PATCH',
  path: '/v1/members/{id}',
  scope: 'members:write',
  summary: 'Give a member another role',
  description:
    'It counts at once. Nobody gives more than they have, and only an owner changes an owner. There is always one: an ' +
    'owner who makes another one has handed over and may step back.',
  purpose: 'security',
  feature: 'organisations',
  request: {
    params: z.strictObject({ id: idSchema('acc') }),
    body: z.strictObject({ role: roleSchema }).meta({ id: 'UpdateMember' }),
  },
  responses: { 200: memberSchema.describe('The member.') },
  errors: ['forbidden', 'conflict'],
  idempotent: true,
  examples: { body: { role: 'developer' } },
});

export const removeMember = operation({
  id: 'members.remove',
  method: 'DELETE',
  path: '/v1/members/{id}',
  scope: 'members:write',
  summary: 'Remove a member',
  description:
    'They lose the workspace at once, and the keys they made end; they stay signed in to their own account. Other ' +
    'keys they know work until they are revoked.',
  purpose: 'security',
  feature: 'organisations',
  request: { params: z.strictObject({ id: idSchema('acc') }) },
  responses: { 204: noContent },
  errors: ['forbidden', 'conflict'],
  idempotent: true,
});
