// Compiles a policy into obligations. What a policy says and no obligation holds could not be kept or broken, so
// every section has its share here; `controller.contacts` and `text` are shown, not kept.
import type { Obligation, Policy } from '../model.ts';
import { dataObligations } from './data.ts';
import { keepingObligations } from './keeping.ts';
import { messageObligations } from './messages.ts';
import { recipientObligations } from './recipients.ts';
import { rightsObligations } from './rights.ts';
import { safeguardObligations } from './safeguards.ts';

/**
 * Every obligation of a policy, in the order of its sections. Ids are unique and stay the same as long as the
 * statement is about the same thing, whatever it says of it. Pure.
 */
export function compile(policy: Policy): readonly Obligation[] {
  return [
    ...dataObligations(policy),
    ...messageObligations(policy),
    ...recipientObligations(policy),
    ...keepingObligations(policy),
    ...rightsObligations(policy),
    ...safeguardObligations(policy),
  ];
}
