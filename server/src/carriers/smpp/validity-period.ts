// How long a message may be tried, in the form the connector's carrier reads (SMPP 3.4 §7.1.1).
import { formatAbsoluteTime, formatRelativeTime } from '@sotto/smpp';
import { alignedNowMs } from '#platform/clock';

/** Beyond this carriers shorten by themselves. */
const SECONDS_MAX = 30 * 86_400;
/** Most messages share a handful of validities. */
const REMEMBERED_MAX = 256;

export class ValidityPeriods {
  readonly #form: 'none' | 'relative' | 'absolute';
  readonly #nowMs: () => number;
  readonly #relative = new Map<number, string>();

  /** `nowMs` is wall time in milliseconds, for the absolute form alone. */
  constructor(form: 'none' | 'relative' | 'absolute', nowMs: () => number = alignedNowMs) {
    this.#form = form;
    this.#nowMs = nowMs;
  }

  /** validity_period for a number of seconds from now; empty for null, which means the carrier's default. */
  format(seconds: number | null): string {
    if (seconds === null || this.#form === 'none') return '';
    const bounded = Math.min(SECONDS_MAX, Math.max(1, Math.ceil(seconds)));
    if (this.#form === 'absolute') return formatAbsoluteTime(this.#nowMs() + bounded * 1_000);
    let period = this.#relative.get(bounded);
    if (period === undefined) {
      period = formatRelativeTime(bounded * 1_000);
      if (this.#relative.size >= REMEMBERED_MAX) this.#relative.clear();
      this.#relative.set(bounded, period);
    }
    return period;
  }
}
