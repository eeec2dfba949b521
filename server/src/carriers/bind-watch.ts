// Notices connectors that stay without a bind, for readiness: a process that cannot reach its carriers does no work.
import type { ConnectorHealth } from './port.ts';

/** Rebinding after a lost link is ordinary; this long without success is not. */
const UNBOUND_MS = 60_000;

type Health = Pick<ConnectorHealth, 'state'> & { readonly id: string };

export class BindWatch {
  readonly #unboundSince = new Map<string, number>();

  /** Takes note of how the connectors stand; times are of one monotonic clock. */
  look(health: readonly Health[], nowMs: number): void {
    const seen = new Set<string>();
    for (const { id, state } of health) {
      seen.add(id);
      if (state !== 'connecting') this.#unboundSince.delete(id);
      else if (!this.#unboundSince.has(id)) this.#unboundSince.set(id, nowMs);
    }
    for (const id of this.#unboundSince.keys()) if (!seen.has(id)) this.#unboundSince.delete(id);
  }

  /** Undefined while all is well; else a sentence without names, for it may be shown to anybody. */
  unready(health: readonly Health[], nowMs: number): string | undefined {
    this.look(health, nowMs);
    let unbound = 0;
    for (const since of this.#unboundSince.values()) if (nowMs - since >= UNBOUND_MS) unbound += 1;
    if (unbound === 0) return undefined;
    return unbound === 1 ? 'a connector has no bind' : `${unbound} connectors have no bind`;
  }
}
