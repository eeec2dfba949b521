// The audit trail: what was done on this platform, by whom and to what, in codes and pseudonyms.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

/** Everything the trail records, as `object.what_happened`. A code is never renamed: entries are kept for years. */
export const auditActions = [
  'api_key.created',
  'api_key.revoked',
  'api_key.rotated',
  'admin_token.created',
  'admin_token.redeemed',
  'account.created',
  'account.closed',
  'account.password_changed',
  'account.email_changed',
  'account.recovered',
  'account.second_factor_added',
  'account.second_factor_removed',
  'account.recovery_codes_renewed',
  'account.recovery_code_used',
  'account.passkey_refused',
  'staff.granted',
  'staff.removed',
  'workspace.created',
  'workspace.changed',
  'workspace.closed',
  'workspace.credited',
  'member.invited',
  'member.joined',
  'member.changed',
  'member.removed',
  'invitation.revoked',
  'connector.created',
  'connector.changed',
  'connector.deleted',
  'price.created',
  'price.changed',
  'price.deleted',
  'route.created',
  'route.changed',
  'route.deleted',
  'number.created',
  'number.assigned',
  'number.unassigned',
  'number.retired',
  'payment.refund_requested',
  'payment.approved',
  'payment.approved_first',
  'auto_top_up.set',
  'auto_top_up.card_asked',
  'auto_top_up.ended',
  'bank_transfer.entered',
  'bank_transfer.approved',
  'bank_transfer.rejected',
  'promo_code.created',
  'promo_code.ended',
  'exchange_rate.entered',
  'plan.created',
  'plan.retired',
  'subscription.started',
  'subscription.changed',
  'subscription.cancelled',
  'subscription.resumed',
  'job.replayed',
  'job.discarded',
  'message.erased',
  'suppression.added',
  'suppression.lifted',
  'consent.given',
  'consent.withdrawn',
  'consent.objected',
  'ticket.opened',
  'ticket.taken',
  'ticket.read',
  'ticket.answered',
  'ticket.noted',
  'ticket.closed',
  'identity_check.submitted',
  'identity_check.withdrawn',
  'identity_check.taken',
  'identity_check.read',
  'identity_check.approved',
  'identity_check.rejected',
  'identity_check.shredded',
  'identity_document.read',
  'agreement.published',
  'agreement.accepted',
  'appeal.read',
  'appeal.granted',
  'appeal.refused',
  'data_key.destroyed',
  'key_store.rotated',
  'master_key.rotated',
  'audit.pruned',
] as const;

/** Kinds of things an entry can be about. */
export const auditObjectKinds = [
  'api_key',
  'account',
  'workspace',
  'connector',
  'price',
  'route',
  'number',
  'payment',
  'bank_transfer',
  'promo_code',
  'exchange_rate',
  'plan',
  'subscription',
  'job',
  'message',
  'suppression',
  'consent',
  'ticket',
  'invitation',
  'identity_check',
  'identity_document',
  'appeal',
  'agreement',
  'data_key',
] as const;

const pseudonymSchema = z
  .string()
  .nullable()
  .meta({ examples: ['AZ3m0t9RkLq2'] })
  .describe('The same for the same key or thing in every entry; says nothing else of it.');

const actionSentence = says('invalid_request', 'must be an action of the audit trail.');

export const auditEntrySchema = z
  .strictObject({
    id: idSchema('aud'),
    recorded_at: instantSchema,
    action: z.enum(auditActions),
    outcome: z.enum(['done', 'refused', 'failed']),
    actor: z.strictObject({
      kind: z
        .enum(['staff', 'customer_key', 'customer', 'system'])
        .describe('staff: an administrator, or the operator on the machine. customer: somebody signed in.'),
      pseudonym: pseudonymSchema,
    }),
    object: z.strictObject({ kind: z.enum(auditObjectKinds), pseudonym: pseudonymSchema }).nullable(),
    affected: z.int().min(0).nullable().describe('How many, where the action counts.'),
    request_id: idSchema('req').nullable().describe('The request it was done in.'),
    sequence: z
      .string()
      .regex(/^\d+$/)
      .nullable()
      .describe('Its place in the chain; null for the seconds until it is sealed.'),
  })
  .meta({
    id: 'AuditEntry',
    description: 'One thing that was done. Holds no name, number, address or text.',
  });

export type AuditEntryAnswer = z.output<typeof auditEntrySchema>;

export const listAudit = operation({
  id: 'admin.audit.list',
  method: 'GET',
  path: '/v1/admin/audit',
  scope: 'admin:audit',
  summary: 'Read the audit trail',
  description: 'Newest first. Entries are chained and cannot be changed; `sotto audit verify` proves it.',
  purpose: 'security',
  request: {
    query: z.strictObject({
      action: z.enum(auditActions, { error: actionSentence }).optional().describe('Only this action.'),
      recorded_after: instantSchema.optional().describe('Only entries recorded at or after this time.'),
      recorded_before: instantSchema.optional().describe('Only entries recorded before this time.'),
      ...pageQueryFields,
    }),
  },
  responses: { 200: pageOf('AuditPage', auditEntrySchema).describe('One page of entries.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});
