// What the operator and the policy decide about plans.
import type { WorkspaceBounds } from '#accounts';

export interface PlanSettings {
  /** Whether there are subscriptions under the policy in force. */
  readonly isOn: boolean;
  /** Days in which an unpaid renewal is tried again; 0: it ends at once. */
  readonly graceDays: number;
  /** How long before the end of a period a cancellation has to come; 0: until the end. */
  readonly cutoffMs: number;
  /** What a workspace without a plan may have. */
  readonly withoutPlan: WorkspaceBounds;
  /** Where people reach this installation; null where the policy sends no mails about the service. */
  readonly mailBaseUrl: (() => string) | null;
}
