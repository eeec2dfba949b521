// Appeals: whoever was refused for a reason that can be appealed asks a person to look again. What was written is answered
// by the reads of one appeal alone, because what is kept for a repeated request would outlive it.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { type ReasonCode, reasonCatalogue, reasonCodes } from './reasons.ts';
import { TEXT } from './send-message.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

/** UTF-16 code units of what somebody writes. */
export const appealTextLengthMax = 2_000;

const appealable = reasonCodes.filter((code) => reasonCatalogue[code].appeal) as [
  ReasonCode,
  ...ReasonCode[],
];

const textSentence = says(
  'invalid_request',
  `must be text of 1 to ${appealTextLengthMax} characters, without NUL and without halves of surrogate pairs.`,
);
const reasonSentence = says('invalid_request', 'must be the reason of a refusal that can be appealed.');

const reasonSchema = z.enum(appealable, { error: reasonSentence });
const textSchema = personal(
  'content',
  z
    .string({ error: textSentence })
    .min(1, { error: textSentence })
    .max(appealTextLengthMax, { error: textSentence })
    .regex(TEXT, { error: textSentence }),
);

export const appealFields = {
  id: idSchema('apl'),
  reason: reasonSchema.describe('The `reason` of the refusal.'),
  state: z.enum(['waiting', 'granted', 'refused']),
  created_at: instantSchema,
  decided_at: instantSchema.nullable(),
  tier: z
    .enum(['T0', 'T1', 'T2', 'T3'])
    .nullable()
    .describe('The tier that was given; null where the reason alone was lifted.'),
  granted_until: instantSchema.nullable().describe('When what was granted ends.'),
};

export const appealStateSchema = z
  .strictObject(appealFields)
  .meta({ id: 'AppealState', description: 'How an appeal stands, without a word of it.' });

export const appealTextFields = {
  ...appealFields,
  text: textSchema
    .nullable()
    .describe('As it was written: data, never markup. Null once its key is destroyed.'),
};

const appealSchema = z.strictObject(appealTextFields).meta({ id: 'Appeal' });

const createAppealSchema = z
  .strictObject({
    reason: reasonSchema,
    text: textSchema.describe(
      `Why it should be looked at again, at most ${appealTextLengthMax} characters. Leave out codes, passwords and keys.`,
    ),
  })
  .meta({ id: 'CreateAppeal' });

export type AppealState = z.output<typeof appealStateSchema>;
export type AppealableReason = z.output<typeof reasonSchema>;

const shared = { purpose: 'service', feature: 'support_tickets' } as const;

export const listAppeals = operation({
  ...shared,
  id: 'appeals.list',
  method: 'GET',
  path: '/v1/appeals',
  scope: 'tickets:read',
  summary: 'List appeals',
  description: 'The appeals of the workspace, newest first, without their texts.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('AppealPage', appealStateSchema).describe('One page of appeals.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createAppeal = operation({
  ...shared,
  id: 'appeals.create',
  method: 'POST',
  path: '/v1/appeals',
  scope: 'tickets:write',
  summary: 'Appeal against a refusal',
  description:
    'Asks a person of the operator to look at a refusal again. One appeal for a reason waits at a time; five may be ' +
    'made at once, and another each day.',
  request: { body: createAppealSchema },
  responses: { 201: appealStateSchema.describe('How the new appeal stands.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { reason: 'keys_too_often', text: 'We moved our services and need a key for each.' } },
});

export const getAppeal = operation({
  ...shared,
  id: 'appeals.get',
  method: 'GET',
  path: '/v1/appeals/{id}',
  scope: 'tickets:read',
  summary: 'Read an appeal',
  description: 'How it stands, and what was written.',
  request: { params: z.strictObject({ id: idSchema('apl') }) },
  responses: { 200: appealSchema.describe('The appeal.') },
  errors: [],
  idempotent: true,
});
