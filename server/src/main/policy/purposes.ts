// The purposes of the policy in force, for those who hold reads and uses against them.
import type { Policy } from '@sotto/policy';
import type { PurposesInForce } from '#platform/purposes-in-force';
import type { BasisOfPurpose } from '#privacy/processing';

/** What may be read for. */
export const purposesOf = ({ purposes }: Pick<Policy, 'purposes'>): PurposesInForce =>
  new Set(Object.keys(purposes));

/** What each of them rests on. */
export const basesOf = ({ purposes }: Pick<Policy, 'purposes'>): BasisOfPurpose =>
  Object.fromEntries(Object.entries(purposes).map(([purpose, { basis }]) => [purpose, basis]));
