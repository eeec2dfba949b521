// How many parts may be written now. A token bucket that refills at the allowed rate; the rate itself is halved when
// the carrier says "too fast" and climbs back in steps (additive increase, multiplicative decrease, as TCP does).
//
//   free      no limit, or the configured one
//   slowed    after a throttling answer: half the rate, a pause, then a slow climb back to free

/** Answers to one burst are one event: the rate is cut at most once in this time. */
const CUT_EVERY_MS = 1_000;
/** The first pause after throttling; doubled while the carrier throttles again before it has accepted anything. */
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 5_000;
/** Share of the rate that was too fast which is given back each second. */
const CLIMB_PER_SECOND = 0.05;
/** Without a configured limit the connector is free again at this multiple of the rate that was too fast. */
const FREE_AT = 2;
/** How much of a second's parts may be written at once after a quiet time. */
const BURST_SECONDS = 0.1;
const PARTS_PER_SECOND_MIN = 1;

export class PartRate {
  readonly #configured: number;
  #limit: number;
  #tokens: number;
  #refilledMs: number;
  /** The rate that was too fast; 0 while free. */
  #tooFast = 0;
  #cutMs = Number.NEGATIVE_INFINITY;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #pauseMs = PAUSE_MS;

  /** `partsPerSecond` null: no limit of its own. Times are milliseconds of one monotonic clock. */
  constructor(partsPerSecond: number | null, nowMs: number) {
    this.#configured = partsPerSecond ?? Number.POSITIVE_INFINITY;
    this.#limit = this.#configured;
    this.#refilledMs = nowMs;
    this.#tokens = this.#burst();
  }

  /** Parts a second allowed now; null for no limit. */
  get limit(): number | null {
    return Number.isFinite(this.#limit) ? this.#limit : null;
  }

  /** Whether the carrier's wish still holds us below what we would do. */
  get slowed(): boolean {
    return this.#tooFast > 0;
  }

  pausedForMs(nowMs: number): number {
    return Math.max(0, this.#pausedUntilMs - nowMs);
  }

  /** Whole parts that may be written now; Infinity without a limit. */
  available(nowMs: number): number {
    if (nowMs < this.#pausedUntilMs) return 0;
    this.#refill(nowMs);
    return Number.isFinite(this.#limit) ? Math.floor(this.#tokens) : Number.POSITIVE_INFINITY;
  }

  /** How many parts may wait in front of the bucket without waiting long: one burst. */
  get burst(): number {
    return Number.isFinite(this.#limit) ? Math.max(1, Math.floor(this.#burst())) : Number.POSITIVE_INFINITY;
  }

  /** A part was written. */
  spend(): void {
    if (Number.isFinite(this.#limit)) this.#tokens -= 1;
  }

  /** Milliseconds until `available` is at least 1; 0 when it is. */
  waitMs(nowMs: number): number {
    const paused = this.pausedForMs(nowMs);
    if (paused > 0) return paused;
    if (this.available(nowMs) >= 1) return 0;
    return Math.ceil(((1 - this.#tokens) / this.#limit) * 1_000);
  }

  /** The carrier accepted a part: the next pause is a short one again. */
  accepted(): void {
    this.#pauseMs = PAUSE_MS;
  }

  /** The carrier said "too fast", or does not keep up. `measured` is the rate at which parts were just written. */
  tooFast(nowMs: number, measured: number): void {
    if (nowMs - this.#cutMs < CUT_EVERY_MS) return;
    this.#refill(nowMs);
    // What was written is what was too much, even where far more would have been allowed.
    const basis = Math.max(PARTS_PER_SECOND_MIN, Math.min(this.#limit, measured));
    this.#tooFast = basis;
    this.#limit = Math.max(PARTS_PER_SECOND_MIN, basis / 2);
    this.#cutMs = nowMs;
    this.#pausedUntilMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(PAUSE_MS_MAX, this.#pauseMs * 2);
    this.#tokens = Math.min(this.#tokens, 1);
    this.#refilledMs = this.#pausedUntilMs;
  }

  #refill(nowMs: number): void {
    const seconds = (nowMs - this.#refilledMs) / 1_000;
    if (seconds <= 0) return;
    this.#refilledMs = nowMs;
    if (this.#tooFast > 0) this.#climb(seconds);
    if (Number.isFinite(this.#limit))
      this.#tokens = Math.min(this.#burst(), this.#tokens + this.#limit * seconds);
  }

  #climb(seconds: number): void {
    const step = Math.max(PARTS_PER_SECOND_MIN, this.#tooFast * CLIMB_PER_SECOND) * seconds;
    const ceiling = Math.min(this.#configured, this.#tooFast * FREE_AT);
    this.#limit += step;
    if (this.#limit < ceiling) return;
    this.#limit = this.#configured;
    this.#tooFast = 0;
    this.#tokens = Math.min(this.#tokens, this.#burst());
  }

  #burst(): number {
    return Number.isFinite(this.#limit) ? Math.max(1, this.#limit * BURST_SECONDS) : 1;
  }
}
