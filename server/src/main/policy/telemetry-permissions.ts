// What the policy in force lets telemetry do. Features come from the policy and from what is built; categories and
// purposes from its own lists; whether somebody lets us count or pass on what they do, from what they decided.
import type { Policy } from '@sotto/policy';
import type { RememberedVerdicts } from '#privacy/processing';
import type { TelemetryFeature, TelemetryPermissions } from '#telemetry';
import { basesOf } from './purposes.ts';

type Leave = TelemetryPermissions['mayCount'];

const NOBODY: Leave = () => false;
/** A workspace, or an administrator's key, of which no consent is recorded either. Anything else is an address. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Pure but for `mayCount` and `mayForward`, which ask at every use. Without verdicts nobody lets us do anything. Somebody
 * known by an address alone has decided nothing: no where the purpose rests on consent, else yes.
 */
export function telemetryPermissions(
  policy: Policy,
  features: ReadonlySet<string>,
  verdicts: Pick<RememberedVerdicts, 'mayProcess' | 'mayShare'> | null = null,
): TelemetryPermissions {
  const bases = basesOf(policy);
  const leave = (ask: RememberedVerdicts['mayProcess']): Leave => {
    return (subject, purpose) =>
      UUID.test(subject) ? ask({ kind: 'workspace', id: subject }, purpose) : bases[purpose] !== 'consent';
  };
  return {
    isOn: (feature: TelemetryFeature) => features.has(feature),
    allows(category, purpose) {
      const said = policy.data[category];
      return (
        said !== undefined &&
        said.collect !== 'never' &&
        said.purposes.includes(purpose) &&
        policy.purposes[purpose] !== undefined
      );
    },
    mayCount: verdicts === null ? NOBODY : leave(verdicts.mayProcess),
    mayForward: verdicts === null ? NOBODY : leave(verdicts.mayShare),
  };
}
