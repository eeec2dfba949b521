// What the policy in force holds, for those who take things in.
import type { Policy } from '@sotto/policy';
import type { Holds } from '#privacy/collection';

/** True for categories the policy lists and does not promise never. Machinery is about nobody and always held. */
export const holdsOf =
  ({ data }: Policy): Holds =>
  (category) => {
    const said = data[category];
    return category === 'system.operations' || (said !== undefined && said.collect !== 'never');
  };
