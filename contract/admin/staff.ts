// The operator's people: accounts with a role of the platform.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { emailSchema } from '../email.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { personal } from '../personal.ts';
import { staffRoles } from '../roles.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

const whoSentence = says('invalid_request', 'name the account either by email or by account_id.');
const roleSchema = z.enum(staffRoles);

export const staffMemberSchema = z
  .strictObject({
    account_id: idSchema('acc'),
    email: personal('email', z.string()).nullable().describe('Null for the account of a device.'),
    role: roleSchema,
    second_factor: z.boolean().describe('Whether there is one; without it nothing of the platform opens.'),
    granted_at: instantSchema,
  })
  .meta({ id: 'StaffMember' });

export type StaffMember = z.output<typeof staffMemberSchema>;

export const grantStaffSchema = z
  .strictObject({
    email: emailSchema.optional().describe('Of an account that exists.'),
    account_id: idSchema('acc').optional(),
    role: roleSchema,
  })
  .refine(({ email, account_id }) => (email === undefined) !== (account_id === undefined), {
    error: whoSentence,
  })
  .meta({ id: 'GrantStaff' });

const shared = { scope: 'admin:staff', purpose: 'operations' } as const;

export const listStaff = operation({
  ...shared,
  id: 'admin.staff.list',
  method: 'GET',
  path: '/v1/admin/staff',
  summary: 'List staff',
  description: 'Whoever has a role of the platform, those with the newest accounts first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('StaffPage', staffMemberSchema).describe('One page of staff.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const grantStaff = operation({
  ...shared,
  id: 'admin.staff.grant',
  method: 'POST',
  path: '/v1/admin/staff',
  summary: 'Grant a role',
  description:
    'Gives an account a role of the platform, in place of the one it had. All its sessions end at once; it signs in ' +
    'again, and nothing of the platform opens without a second factor. Nobody grants to themselves.',
  request: { body: grantStaffSchema },
  responses: { 200: staffMemberSchema.describe('Who has the role.') },
  errors: ['not_found', 'forbidden', 'conflict'],
  idempotent: true,
  examples: { body: { email: 'ada@example.com', role: 'support' } },
});

export const removeStaff = operation({
  ...shared,
  id: 'admin.staff.remove',
  method: 'DELETE',
  path: '/v1/admin/staff/{id}',
  summary: 'Take a role away',
  description:
    'All sessions of the account end at once; the account stays. The last administrator stays one.',
  request: { params: z.strictObject({ id: idSchema('acc') }) },
  responses: { 204: noContent },
  errors: ['conflict'],
  idempotent: true,
});
