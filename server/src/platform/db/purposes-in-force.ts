// Which purposes may be read for now. The set comes from the policy in force and is passed in at start; platform
// knows purposes as words of statements only. One look-up a statement, none a row.
import { AppError } from '../errors.ts';

export type PurposesInForce = ReadonlySet<string>;

/**
 * No choice of a policy. Without `operations` nothing would begin, commit or expire; without `legal` nobody's rights
 * could be honoured.
 */
const ALWAYS: ReadonlySet<string> = new Set(['operations', 'legal']);

/** Throws `feature_off` when a purpose is not in force. Without a set every purpose is. */
export function demandPurpose(inForce: PurposesInForce | undefined, purpose: string): void {
  if (inForce === undefined || inForce.has(purpose) || ALWAYS.has(purpose)) return;
  throw new AppError('feature_off', {
    detail: `It lists no purpose "${purpose}".`,
    internal: `E-PURPOSE: the policy in force lists no purpose "${purpose}"`,
  });
}
