// Every check that needs the policy alone. What compares it with the installation is in `gate/`.
import { checkAttestations } from './checks/attestations.ts';
import { checkAudience } from './checks/audience.ts';
import { checkBases } from './checks/bases.ts';
import { checkContradictions } from './checks/contradictions.ts';
import { checkDeadlines } from './checks/deadlines.ts';
import type { Check, CheckContext, Finding } from './checks/finding.ts';
import { checkKeys } from './checks/keys.ts';
import { placeholders } from './checks/placeholders.ts';
import { checkRecipients } from './checks/recipients.ts';
import { checkReferences } from './checks/references.ts';
import { checkRights } from './checks/rights.ts';
import { checkVersion } from './checks/version.ts';
import type { Fault, Position } from './fault.ts';
import type { Policy } from './model.ts';

export type { CheckContext } from './checks/finding.ts';

const CHECKS: readonly Check[] = [
  checkVersion,
  checkAudience,
  checkBases,
  checkReferences,
  checkContradictions,
  checkRecipients,
  checkDeadlines,
  checkRights,
  checkKeys,
  checkAttestations,
];

export interface CheckedFault extends Fault {
  /** `refuse` stops a start; `warn` is shown, and red in the evidence where it concerns an attestation. */
  readonly severity: 'refuse' | 'warn';
}

/**
 * What is wrong with a policy that could be read. Production adds placeholders, and refuses what nobody attested
 * when the policy is strict. Pure; the same faults for the same policy, day and mode.
 */
export function checkPolicy(
  policy: Policy,
  context: CheckContext,
  locate: (path: string) => Position = () => ({ file: '', line: 1, column: 1 }),
): readonly CheckedFault[] {
  const findings = CHECKS.flatMap((check) => [...check(policy, context)]);
  if (context.production) findings.push(...placeholders(policy));
  const strict = context.production && policy.policy.strictness === 'refuse';
  const seen = new Set<string>();
  return findings
    .filter((finding) => {
      const identity = `${finding.code} ${finding.path} ${finding.sentence}`;
      return !seen.has(identity) && seen.add(identity) !== undefined;
    })
    .map((finding) => toFault(finding, strict, locate));
}

function toFault(
  { code, severity, path, sentence, hint }: Finding,
  strict: boolean,
  locate: (path: string) => Position,
): CheckedFault {
  const weight = severity === 'lapse' ? (strict ? 'refuse' : 'warn') : severity;
  return { code, severity: weight, path, sentence, hint, ...locate(path) };
}
