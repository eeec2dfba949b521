// Who sells and which taxes are due, by the operator's settings.
import type { Config } from '#platform/config';
import type { TaxRule } from './tax.ts';

export interface Seller {
  readonly name: string;
  readonly address: string;
  readonly country: string;
  readonly taxId: string | null;
}

export interface InvoiceSettings {
  readonly seller: Seller;
  /** What numbers begin with. */
  readonly series: string;
  readonly taxRules: readonly TaxRule[];
}

type InvoiceConfig = Pick<
  Config,
  | 'invoiceSellerName'
  | 'invoiceSellerAddress'
  | 'invoiceSellerCountry'
  | 'invoiceSellerTaxId'
  | 'invoiceSeries'
  | 'taxRates'
>;

/** Null while the operator has not said who sells: nothing can be invoiced then. Pure. */
export function invoiceSettings(config: InvoiceConfig): InvoiceSettings | null {
  const { invoiceSellerName: name, invoiceSellerAddress: address, invoiceSellerCountry: country } = config;
  if (name === undefined || address === undefined || country === undefined) return null;
  return {
    seller: { name, address, country, taxId: config.invoiceSellerTaxId ?? null },
    series: config.invoiceSeries,
    taxRules: config.taxRates,
  };
}
