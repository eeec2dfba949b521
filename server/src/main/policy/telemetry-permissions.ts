// What the policy in force lets telemetry do. Features come from the policy and from what is built; categories and
// purposes from its own lists; whether somebody lets us pass on what they do, from whoever keeps consents.
import type { Policy } from '@sotto/policy';
import type { TelemetryFeature, TelemetryPermissions } from '#telemetry';

/** Without a register of consents and objections nobody has consented, and nothing is passed on. */
const NOBODY_CONSENTED: TelemetryPermissions['mayForward'] = () => false;

/** Pure but for `mayForward`, which is asked at every use. */
export function telemetryPermissions(
  policy: Policy,
  features: ReadonlySet<string>,
  mayForward = NOBODY_CONSENTED,
): TelemetryPermissions {
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
    mayForward,
  };
}
