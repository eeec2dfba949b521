// What was just refused is refused again from memory, so that a flood of tries costs no statement each. For a moment
// only: another process may have given something back.

export interface Refused {
  readonly costMs: number;
  /** By the estimate of the database's time. */
  readonly untilMs: number;
}

const REMEMBERED_MAX = 10_000;
const REMEMBERED_MS = 1_000;

export class RememberedRefusals {
  readonly #refused = new Map<string, Refused & { readonly forgetAtMs: number }>();

  remember(key: string, nowMs: number, refused: Refused): void {
    this.#refused.delete(key);
    this.#refused.set(key, { ...refused, forgetAtMs: Math.min(refused.untilMs, nowMs + REMEMBERED_MS) });
    if (this.#refused.size <= REMEMBERED_MAX) return;
    // In the order they were remembered: the first is the oldest.
    for (const oldest of this.#refused.keys()) {
      this.#refused.delete(oldest);
      break;
    }
  }

  /** How long to wait still, in milliseconds; 0 when nothing is remembered against it. */
  waitMs(key: string, nowMs: number, costMs: number): number {
    const refused = this.#refused.get(key);
    if (refused === undefined) return 0;
    if (refused.forgetAtMs <= nowMs) {
      this.#refused.delete(key);
      return 0;
    }
    return costMs >= refused.costMs ? Math.max(0, refused.untilMs - nowMs) : 0;
  }

  forget(key: string): void {
    this.#refused.delete(key);
  }
}
