// What a record depends on besides the policy.
import type { IsoDate } from '../model.ts';
import type { Feature } from '../vocabulary/features.ts';

export interface RecordOptions {
  /** Whether a feature is on now: what is off is not processed, and who depends on it receives nothing. */
  readonly isOn: (feature: Feature) => boolean;
  /** The day the record is made, in UTC. */
  readonly today: IsoDate;
}
