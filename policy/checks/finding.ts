// What a check of the policy alone is given and gives.
import type { IsoDate, Policy } from '../model.ts';
import type { FaultCode } from '../refusals.ts';

export interface CheckContext {
  /** The day of the check; expiries are judged by it. */
  readonly now: IsoDate;
  /** In production, a policy that is strict refuses what nobody attested; elsewhere it is a warning. */
  readonly production: boolean;
  /** The policy published before, to compare content with version. */
  readonly previous?: Policy;
}

/** `lapse`: true of people and not of the policy, such as a signature that is missing. */
export interface Finding {
  readonly code: FaultCode;
  readonly severity: 'refuse' | 'lapse' | 'warn';
  readonly path: string;
  readonly sentence: string;
  readonly hint: string;
}

export type Check = (policy: Policy, context: CheckContext) => Iterable<Finding>;

export const refuse = (code: FaultCode, path: string, sentence: string, hint: string): Finding => ({
  code,
  severity: 'refuse',
  path,
  sentence,
  hint,
});
export const lapse = (code: FaultCode, path: string, sentence: string, hint: string): Finding => ({
  ...refuse(code, path, sentence, hint),
  severity: 'lapse',
});
export const warn = (code: FaultCode, path: string, sentence: string, hint: string): Finding => ({
  ...refuse(code, path, sentence, hint),
  severity: 'warn',
});
