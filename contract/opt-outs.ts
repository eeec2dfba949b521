// Opt-outs: numbers a workspace must not write to. Only a keyed index of a number is kept, so a list can tell when and
// why, and not who: whoever knows a number asks for it.
import * as z from 'zod';
import { noContent } from './bodies.ts';
import { idSchema } from './ids.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { phoneNumberSchema } from './phone-number.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

/** Numbers one request may ask about. */
export const checkedNumbersMax = 1_000;

const numbersSentence = says('invalid_request', `must be a list of 1 to ${checkedNumbersMax} numbers.`);

const coversSchema = z
  .enum(['marketing', 'all'])
  .describe('marketing: messages of that class; all: also transactional ones and codes.');

export const optOutSchema = z
  .strictObject({
    id: idSchema('opt'),
    kind: z
      .enum(['stop', 'objection', 'complaint', 'operator_block'])
      .describe('stop: the recipient answered STOP; objection: to marketing; complaint: about abuse.'),
    covers: coversSchema,
    source: z.enum(['recipient', 'workspace', 'operator', 'carrier']).describe('Who told us.'),
    created_at: instantSchema,
  })
  .meta({ id: 'OptOut', description: 'That a number is not written to. The number itself is not kept.' });

export const createOptOutSchema = z
  .strictObject({
    number: phoneNumberSchema.describe('Whose messages stop.'),
    kind: z.enum(['stop', 'objection', 'complaint']).default('stop'),
    covers: coversSchema.default('marketing'),
  })
  .meta({ id: 'CreateOptOut' });

export const checkOptOutsSchema = z
  .strictObject({
    numbers: z
      .array(phoneNumberSchema, { error: numbersSentence })
      .min(1, { error: numbersSentence })
      .max(checkedNumbersMax, { error: numbersSentence }),
    class: z
      .enum(['otp', 'transactional', 'marketing'])
      .default('marketing')
      .describe('The class of message that would be sent.'),
  })
  .meta({ id: 'CheckOptOuts' });

export const checkedOptOutsSchema = z
  .strictObject({
    data: z
      .array(z.strictObject({ opted_out: z.boolean() }))
      .max(checkedNumbersMax)
      .describe('In the order of the request.'),
  })
  .meta({ id: 'CheckedOptOuts' });

export type OptOut = z.output<typeof optOutSchema>;

export const listOptOuts = operation({
  id: 'optOuts.list',
  method: 'GET',
  path: '/v1/opt-outs',
  scope: 'opt_outs:read',
  summary: 'List opt-outs',
  description:
    'Those of the workspace, newest first. The operator may have blocked more numbers for everybody.',
  purpose: 'service',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('OptOutPage', optOutSchema).describe('One page of opt-outs.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createOptOut = operation({
  id: 'optOuts.create',
  method: 'POST',
  path: '/v1/opt-outs',
  scope: 'opt_outs:write',
  summary: 'Record an opt-out',
  description:
    'From the answer on, what it covers is refused with `recipient_opted_out`. Recording it again answers the first ' +
    'one; one that covers all stays so.',
  purpose: 'service',
  request: { body: createOptOutSchema },
  responses: { 201: optOutSchema.describe('The opt-out.') },
  errors: ['invalid_number'],
  idempotent: true,
  examples: { body: { number: '+4915123456789', kind: 'stop' } },
});

export const checkOptOuts = operation({
  id: 'optOuts.check',
  method: 'POST',
  path: '/v1/opt-outs/check',
  scope: 'opt_outs:read',
  summary: 'Ask whether numbers opted out',
  description: 'Of up to 1,000 numbers, those that may not be sent a message of a class. Stores nothing.',
  purpose: 'service',
  request: { body: checkOptOutsSchema },
  responses: { 200: checkedOptOutsSchema.describe('For each number whether it opted out.') },
  errors: ['invalid_number'],
  idempotent: true,
  examples: { body: { numbers: ['+4915123456789'], class: 'marketing' } },
});

export const deleteOptOut = operation({
  id: 'optOuts.delete',
  method: 'DELETE',
  path: '/v1/opt-outs/{id}',
  scope: 'opt_outs:write',
  summary: 'Lift an opt-out',
  description:
    'Only the recipient can take a stop or an objection back: record their new consent to marketing with ' +
    '`POST /v1/consents` first. A complaint is never lifted here.',
  purpose: 'service',
  request: { params: z.strictObject({ id: idSchema('opt') }) },
  responses: { 204: noContent },
  errors: ['conflict'],
  idempotent: true,
});
