// The inventory of own numbers and who has them. States of a number:
//   available -> leased -> cooling -> quarantined -> available | retired
//   available -> retired
// A standing assignment is a lease without an end; while cooling, late texts still go to the tenant who left.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { PHONE_NUMBER, phoneNumberSentence } from '../phone-number.ts';
import { instantSchema } from '../time.ts';

export const numberStatuses = ['available', 'leased', 'cooling', 'quarantined', 'retired'] as const;
export type NumberStatus = (typeof numberStatuses)[number];

/** A number of the operator, not of a person: it is not marked as personal. */
const ownNumberSchema = z
  .string({ error: phoneNumberSentence })
  .regex(PHONE_NUMBER, { error: phoneNumberSentence })
  .meta({ examples: ['+4915555500001'] });

const settings = {
  number: ownNumberSchema,
  connector_id: idSchema('con').describe('The connector its texts come in by.'),
};

export const createNumberSchema = z.strictObject(settings).meta({ id: 'CreateNumber' });

export const assignNumberSchema = z
  .strictObject({ workspace_id: idSchema('wrk') })
  .meta({ id: 'AssignNumber' });

export const inventoryNumberSchema = z
  .strictObject({
    id: idSchema('num'),
    ...settings,
    status: z.enum(numberStatuses),
    workspace_id: idSchema('wrk')
      .nullable()
      .describe('Who has it, or had it while it cools; null otherwise.'),
    assigned_at: instantSchema.nullable(),
    available_at: instantSchema
      .nullable()
      .describe('When cooling and quarantine end; null when neither is on.'),
    created_at: instantSchema,
  })
  .meta({ id: 'InventoryNumber', description: 'A number of the platform.' });

export type InventoryNumber = z.output<typeof inventoryNumberSchema>;

const params = z.strictObject({ id: idSchema('num') });
const shared = { scope: 'admin:numbers', purpose: 'operations' } as const;

export const listNumbers = operation({
  ...shared,
  id: 'admin.numbers.list',
  method: 'GET',
  path: '/v1/admin/numbers',
  summary: 'List numbers',
  description: 'Newest first.',
  request: {
    query: z.strictObject({
      status: z.enum(numberStatuses).optional().describe('Only numbers in this state.'),
      ...pageQueryFields,
    }),
  },
  responses: { 200: pageOf('InventoryNumberPage', inventoryNumberSchema).describe('One page of numbers.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createNumber = operation({
  ...shared,
  id: 'admin.numbers.create',
  method: 'POST',
  path: '/v1/admin/numbers',
  summary: 'Add a number',
  description: 'Adds it to the inventory as available.',
  request: { body: createNumberSchema },
  responses: { 201: inventoryNumberSchema.describe('The number.') },
  errors: ['invalid_number', 'conflict'],
  idempotent: false,
  examples: { body: { number: '+4915555500001', connector_id: 'con_01jd3rh8e7fv2r0kqvw4m9xt5c' } },
});

export const assignNumber = operation({
  ...shared,
  id: 'admin.numbers.assign',
  method: 'POST',
  path: '/v1/admin/numbers/{id}/assign',
  summary: 'Assign a number to a workspace',
  description:
    'A standing assignment, from now until it is taken back. Only an available number can be assigned.',
  request: { params, body: assignNumberSchema },
  responses: { 200: inventoryNumberSchema.describe('The number.') },
  errors: ['conflict', 'feature_off'],
  idempotent: false,
  examples: { body: { workspace_id: 'wrk_01jd3rh8e7fv2r0kqvw4m9xt5c' } },
});

export const unassignNumber = operation({
  ...shared,
  id: 'admin.numbers.unassign',
  method: 'POST',
  path: '/v1/admin/numbers/{id}/unassign',
  summary: 'Take a number back',
  description: 'It cools, then rests in quarantine, before anyone else can have it.',
  request: { params },
  responses: { 200: inventoryNumberSchema.describe('The number.') },
  errors: ['conflict'],
  idempotent: false,
});

export const retireNumber = operation({
  ...shared,
  id: 'admin.numbers.retire',
  method: 'POST',
  path: '/v1/admin/numbers/{id}/retire',
  summary: 'Retire a number',
  description: 'For good, when it was given back to the carrier. Refused while a workspace has it.',
  request: { params },
  responses: { 200: inventoryNumberSchema.describe('The number.') },
  errors: ['conflict'],
  idempotent: true,
});
