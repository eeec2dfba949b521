// Texts of messages just accepted by this process, kept for the claim that follows, so that they are not read back
// and opened again. Bounded in number and age: what is not claimed soon is read from the database like any other.
import { monotonicMs } from '#platform/clock';
import type { Outbound } from './handoff.ts';

const ENTRIES_MAX = 20_000;
const AGE_MS_MAX = 60_000;

export class ContentCache {
  /** Insertion order is age order. */
  readonly #entries = new Map<string, { readonly outbound: Outbound; readonly untilMs: number }>();

  /** Keeps a message's content unless the cache is full of younger claims' work. */
  put(outbound: Outbound): void {
    if (this.#entries.size >= ENTRIES_MAX) this.sweep();
    if (this.#entries.size >= ENTRIES_MAX) return;
    this.#entries.set(outbound.messageId, { outbound, untilMs: monotonicMs() + AGE_MS_MAX });
  }

  get(messageId: string): Outbound | undefined {
    const entry = this.#entries.get(messageId);
    return entry && entry.untilMs > monotonicMs() ? entry.outbound : undefined;
  }

  /** Forgets a message: it was submitted, cancelled or erased. */
  forget(messageId: string): void {
    this.#entries.delete(messageId);
  }

  /** Forgets what is too old. */
  sweep(): void {
    const now = monotonicMs();
    for (const [id, entry] of this.#entries) {
      if (entry.untilMs > now) break;
      this.#entries.delete(id);
    }
  }
}
