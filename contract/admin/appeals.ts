// Appeals as staff see them: what waits, one at a time to read, and a decision.
import * as z from 'zod';
import { appealFields, appealStateSchema, appealTextFields } from '../appeals.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { says } from '../sentences.ts';

export const grantDaysMax = 365;

const shared = { scope: 'admin:abuse', purpose: 'service', feature: 'support_tickets' } as const;
const one = z.strictObject({ id: idSchema('apl') });
const whose = { workspace_id: idSchema('wrk') };

const waitingAppealSchema = z
  .strictObject({ ...appealFields, ...whose })
  .meta({ id: 'WaitingAppeal', description: 'An appeal that waits for a decision, without a word of it.' });

const staffAppealSchema = z.strictObject({ ...appealTextFields, ...whose }).meta({ id: 'StaffAppeal' });

const daysSentence = says('invalid_request', `must be a whole number of days, 1 to ${grantDaysMax}.`);

const decideAppealSchema = z
  .strictObject({
    outcome: z.enum(['granted', 'refused']),
    days: z
      .int({ error: daysSentence })
      .min(1, { error: daysSentence })
      .max(grantDaysMax, { error: daysSentence })
      .optional()
      .describe('How long what is granted holds. With granted alone, and then always.'),
    tier: z
      .enum(['T1', 'T2', 'T3'])
      .optional()
      .describe('The tier that is given meanwhile. Without it the reason alone is lifted.'),
  })
  .meta({ id: 'DecideAppeal' });

export const listWaitingAppeals = operation({
  ...shared,
  id: 'admin.appeals.list',
  method: 'GET',
  path: '/v1/admin/appeals',
  summary: 'List appeals that wait for a decision',
  description: 'The oldest first. Ids, times and reasons: no word of anybody.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('WaitingAppealPage', waitingAppealSchema).describe('One page of appeals.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const readAppealAsStaff = operation({
  ...shared,
  id: 'admin.appeals.get',
  method: 'GET',
  path: '/v1/admin/appeals/{id}',
  summary: 'Read an appeal that waits',
  description:
    'What was written. Each reading is recorded; once it is decided nobody of the staff reads it again.',
  request: { params: one },
  responses: { 200: staffAppealSchema.describe('The appeal.') },
  errors: ['forbidden', 'restricted'],
  idempotent: true,
});

export const decideAppeal = operation({
  ...shared,
  id: 'admin.appeals.decide',
  method: 'POST',
  path: '/v1/admin/appeals/{id}/decide',
  summary: 'Decide an appeal',
  description:
    'Lifts the reason, or gives a tier, for some days; or refuses. A limit of speed is forgotten at once. The first ' +
    'decision stands. Recorded in the audit trail.',
  request: { params: one, body: decideAppealSchema },
  responses: { 200: appealStateSchema.describe('The decided appeal.') },
  errors: ['conflict', 'restricted'],
  idempotent: false,
  examples: { body: { outcome: 'granted', days: 30 } },
});
