// Invoices as the API shows them.
import { encodeId, moneyOf } from '@sotto/contract';
import type { Billing, Invoice } from '@sotto/contract/invoices';
import type { BillingDetails } from './billing-details.ts';
import type { InvoiceRow } from './invoice.sql.ts';
import { numberOf } from './issue.ts';
import { percentOf } from './tax.ts';

export const presentBilling = (details: BillingDetails): Billing => ({
  legal_name: details.legalName,
  address: details.address,
  country: details.country,
  tax_id: details.taxId,
});

export const presentInvoice = (row: InvoiceRow, buyer: BillingDetails | null): Invoice => ({
  id: encodeId('inv', row.id),
  kind: row.kind as Invoice['kind'],
  number: numberOf(row),
  issued_at: row.issued_at.toISOString(),
  supplied_at: row.supplied_at.toISOString(),
  top_up_id: encodeId('top', row.payment_id),
  corrects: row.corrects === null ? null : encodeId('inv', row.corrects),
  seller: {
    name: row.seller_name,
    address: row.seller_address,
    country: row.seller_country,
    tax_id: row.seller_tax_id,
  },
  buyer: buyer === null ? null : presentBilling(buyer),
  line: 'balance',
  taxable: moneyOf(row.total - row.tax, row.currency),
  tax_rate: percentOf(row.tax_rate),
  reverse_charge: row.reverse_charge,
  tax: moneyOf(row.tax, row.currency),
  total: moneyOf(row.total, row.currency),
});
