// What a policy holds and what it promises never to hold.
import type { DataHeld, Policy } from '../model.ts';
import { CATEGORY_KEYS, type Category } from '../vocabulary/categories.ts';

/** The categories that are held, in the order of the vocabulary. */
export function heldEntries(policy: Policy): readonly (readonly [Category, DataHeld])[] {
  return CATEGORY_KEYS.flatMap((category) => {
    const said = policy.data[category];
    return said && said.collect !== 'never' ? [[category, said] as const] : [];
  });
}

export const isHeld = (policy: Policy, category: Category): boolean => {
  const said = policy.data[category];
  return said !== undefined && said.collect !== 'never';
};

export const isNever = (policy: Policy, category: Category): boolean =>
  policy.data[category]?.collect === 'never';
