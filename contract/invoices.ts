// Invoices for what was paid in, and whom they are made out to. An issued invoice never changes: what is wrong or returned
// is corrected by a credit note.
import * as z from 'zod';
import { textBody } from './bodies.ts';
import { idSchema } from './ids.ts';
import { LINE, lineSchema } from './line.ts';
import { moneySchema } from './money.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

const addressLengthMax = 300;
const addressSentence = says(
  'invalid_request',
  `must be 1 to ${addressLengthMax} characters; lines are separated by commas.`,
);
const countrySentence = says('invalid_request', 'must be an ISO 3166-1 code in capitals, such as SA.');
const taxIdSentence = says('invalid_request', 'must be 4 to 30 letters, digits, hyphens or full stops.');

/** ISO 3166-1 alpha-2. Whether the country exists is not looked up. */
const countrySchema = z
  .string({ error: countrySentence })
  .regex(/^[A-Z]{2}$/, { error: countrySentence })
  .meta({ examples: ['SA'] });

const taxIdSchema = z
  .string({ error: taxIdSentence })
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{3,29}$/, { error: taxIdSentence })
  .meta({ examples: ['300000000000003'] });

const billingFields = {
  legal_name: personal('note', lineSchema(200)).describe('As it stands in the register.'),
  address: personal(
    'note',
    z
      .string({ error: addressSentence })
      .min(1, { error: addressSentence })
      .max(addressLengthMax, { error: addressSentence })
      .regex(LINE, { error: addressSentence }),
  ).describe('On one line.'),
  country: countrySchema.describe('Decides, with the tax id, which tax is due.'),
  tax_id: personal('note', taxIdSchema).nullable().describe('Of value added tax; null for who has none.'),
};

export const billingSchema = z
  .strictObject(billingFields)
  .meta({ id: 'Billing', description: 'Whom invoices are made out to.' });

export const updateBillingSchema = z.strictObject(billingFields).partial().meta({ id: 'UpdateBilling' });

const sellerSchema = z
  .strictObject({
    name: z.string(),
    address: z.string(),
    country: z.string(),
    tax_id: z.string().nullable(),
  })
  .meta({ id: 'Seller', description: 'Who runs this installation, as it was when the invoice was issued.' });

export const invoiceKinds = ['invoice', 'credit_note'] as const;

export const invoiceSchema = z
  .strictObject({
    id: idSchema('inv'),
    kind: z.enum(invoiceKinds),
    number: z.string().describe('Without gaps in its series and year.'),
    issued_at: instantSchema,
    supplied_at: instantSchema.describe('When the money came; of a credit note, when it went back.'),
    top_up_id: idSchema('top'),
    corrects: idSchema('inv').nullable().describe('Of a credit note: the invoice it corrects.'),
    seller: sellerSchema,
    buyer: billingSchema
      .nullable()
      .describe('As it stood at issue; null where nobody had said, or when it has ended.'),
    line: z.enum(['balance']).describe('What was supplied: balance for messages.'),
    taxable: moneySchema.describe('The total without the tax.'),
    tax_rate: z
      .string()
      .describe('In per cent.')
      .meta({ examples: ['15'] }),
    reverse_charge: z.boolean().describe('The buyer owes the tax.'),
    tax: moneySchema.describe('Rounded half up to the smallest unit of the currency.'),
    total: moneySchema.describe('What was paid, tax included.'),
  })
  .meta({
    id: 'Invoice',
    description: 'An invoice or credit note. Its amounts are positive; the kind says which way they go.',
  });

export const createInvoiceSchema = z
  .strictObject({ top_up_id: idSchema('top') })
  .meta({ id: 'CreateInvoice' });

export type Billing = z.output<typeof billingSchema>;
export type Invoice = z.output<typeof invoiceSchema>;

const params = z.strictObject({ id: idSchema('inv') });
const shared = { purpose: 'billing', feature: 'invoices' } as const;
const toRead = { ...shared, scope: 'invoices:read', method: 'GET', idempotent: true } as const;

export const listInvoices = operation({
  ...toRead,
  id: 'invoices.list',
  path: '/v1/invoices',
  summary: 'List invoices',
  description: 'Those of the workspace, newest first; credit notes are among them.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('InvoicePage', invoiceSchema).describe('One page of invoices.') },
  errors: ['invalid_cursor'],
});

export const createInvoice = operation({
  ...shared,
  id: 'invoices.create',
  method: 'POST',
  path: '/v1/invoices',
  scope: 'invoices:write',
  summary: 'Ask for an invoice',
  description:
    'For a top-up that was paid. Organisations get theirs without asking. Of one top-up there is one invoice: asked for ' +
    'again, it is the same. Purchases in a store are invoiced by the store.',
  request: { body: createInvoiceSchema },
  responses: { 201: invoiceSchema.describe('The invoice.') },
  errors: ['conflict', 'not_found'],
  idempotent: true,
  examples: { body: { top_up_id: 'top_01jd3rh8e7fv2r0kqvw4m9xt5c' } },
});

export const getInvoice = operation({
  ...toRead,
  id: 'invoices.get',
  path: '/v1/invoices/{id}',
  summary: 'Read an invoice',
  description: 'As data; its page is for printing.',
  request: { params },
  responses: { 200: invoiceSchema.describe('The invoice.') },
  errors: [],
});

export const getInvoicePage = operation({
  ...toRead,
  id: 'invoices.page',
  path: '/v1/invoices/{id}/page',
  summary: 'Print an invoice',
  description:
    'A page without scripts that prints on A4. For a seller in Saudi Arabia it is in English and Arabic with the QR code ' +
    'of a simplified tax invoice.',
  request: { params },
  responses: { 200: textBody('text/html', 'The page.') },
  errors: [],
});

export const getBilling = operation({
  ...toRead,
  id: 'billing.get',
  path: '/v1/workspace/billing',
  summary: 'Read whom invoices are made out to',
  description: 'Fails with not_found while nobody has said.',
  request: {},
  responses: { 200: billingSchema.describe('As it stands.') },
  errors: ['not_found'],
});

export const updateBilling = operation({
  ...shared,
  id: 'billing.update',
  method: 'PATCH',
  path: '/v1/workspace/billing',
  scope: 'invoices:write',
  summary: 'Say whom invoices are made out to',
  description: 'Holds for invoices issued from now on. The first time needs name, address and country.',
  request: { body: updateBillingSchema },
  responses: { 200: billingSchema.describe('As it stands now.') },
  errors: [],
  idempotent: true,
  examples: {
    body: {
      legal_name: 'Example Trading Co.',
      address: '1 Example Street, Riyadh 11564',
      country: 'SA',
      tax_id: '300000000000003',
    },
  },
});
