// What the policy in force lets telemetry do, handed in by compose. Without an answer everything is off: a process
// that was not told of a policy counts, reports and forwards nothing.
import type { Feature } from '@sotto/policy/vocabulary/features';
import type { Category, Purpose } from '#privacy/data-map';

/** The two features that telemetry has. */
export type TelemetryFeature = Extract<Feature, 'usage_analytics' | 'error_reports'>;

export interface TelemetryPermissions {
  /** Whether the policy has the feature. Asked at every use, so that it may be switched off while running. */
  isOn(feature: TelemetryFeature): boolean;
  /** Whether the policy lists the category for the purpose; `never` and absence are both no. */
  allows(category: Category, purpose: Purpose): boolean;
  /**
   * Whether what somebody does may be counted for the purpose, here and without them: consent where the policy asks for
   * it, no objection, no restriction. A rejection counts as no.
   */
  mayCount(subject: string, purpose: Purpose): boolean | Promise<boolean>;
  /**
   * Whether what somebody does may be passed to a third party for the purpose: consent where the policy asks for it,
   * no objection, no opt-out of passing on (GDPR Art. 7, Art. 21; CCPA Regulations §7025). A rejection counts as no.
   */
  mayForward(subject: string, purpose: Purpose): boolean | Promise<boolean>;
}

export const NOTHING_PERMITTED: TelemetryPermissions = {
  isOn: () => false,
  allows: () => false,
  mayCount: () => false,
  mayForward: () => false,
};
