// What was bought in a store is worth what the operator's catalogue says, whichever feed tells of it and whatever price it
// names.
import { isAmount } from '#ledger';
import type { Amount } from '../port.ts';

export type Products = ReadonlyMap<string, Amount>;

export interface Bought {
  readonly productId: string;
  readonly quantity: number;
}

/** Null where a product is not in the catalogue, or several are in different currencies: a person decides. */
export function worthOf(products: Products, all: readonly Bought[]): Amount | null {
  const each = all.map(({ productId, quantity }) => ({ worth: products.get(productId), quantity }));
  const currency = each[0]?.worth?.currency;
  if (currency === undefined || each.some(({ worth }) => worth?.currency !== currency)) return null;
  const micros = each.reduce((sum, { worth, quantity }) => sum + worth!.micros * BigInt(quantity), 0n);
  return isAmount(micros) ? { micros, currency } : null;
}
