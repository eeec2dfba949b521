// Texts that exist in memory alone. They lie in buffers outside the heap, so that they can be wiped; what reading makes
// of them is garbage of the heap.
//
//   unread --read--> read --60 s--> wiped        unread --20 min--> wiped        any --process ends--> lost
import type { ContentForm } from '../inbound-part.ts';
import type { MemoryBudget } from './budget.ts';

/** How long a text waits to be read. Longer than codes are valid anywhere. */
export const UNREAD_MS_MAX = 1_200_000;

/** A whole text, as it is put in. */
export interface WholeText {
  readonly id: string;
  readonly workspaceId: string;
  /** As the carrier gave it. */
  readonly from: string;
  /** E.164 with `+`. */
  readonly to: string;
  readonly form: ContentForm;
  /** UTF-8, or octets. Owned, and one day wiped, by the memory. */
  readonly content: Buffer;
  readonly segments: number;
  readonly complete: boolean;
  /** The database's time of the receipt. */
  readonly receivedAt: Date;
}

interface Held extends Omit<WholeText, 'from'> {
  readonly sender: Buffer;
  readonly sinceMs: number;
  readMs: number | null;
}

export interface TextPage {
  /** This text alone; null for a page. */
  readonly only: string | null;
  /** Only texts whose id is below this one; null for the newest. */
  readonly before: string | null;
  readonly limit: number;
  /** How many of them go out, and are read by it. */
  readonly given: number;
  readonly receivedFrom: Date | null;
  readonly receivedBefore: Date | null;
}

/** Why texts left the memory. */
export interface Wiped {
  readonly read: number;
  readonly aged: number;
}

export interface TextMemoryOptions {
  readonly budget: MemoryBudget;
  readonly nowMs: () => number;
  readonly readGraceMs: number;
  readonly unreadMsMax?: number;
}

export class TextMemory {
  readonly #options: TextMemoryOptions;
  /** By workspace, oldest first. */
  readonly #texts = new Map<string, Held[]>();
  #unread = 0;
  #wiped = { read: 0, aged: 0 };

  constructor(options: TextMemoryOptions) {
    this.#options = options;
  }

  /** Texts nobody has read. */
  get unread(): number {
    return this.#unread;
  }

  /** Takes a text whose room is set aside. */
  put({ from, ...text }: WholeText): void {
    const own = this.#texts.get(text.workspaceId) ?? [];
    own.push({ ...text, sender: Buffer.from(from), sinceMs: this.#options.nowMs(), readMs: null });
    this.#texts.set(text.workspaceId, own);
    this.#unread += 1;
  }

  /** Texts of a workspace, newest first. Those given are read from now on and wiped when the grace is over. */
  read(workspaceId: string, page: TextPage): WholeText[] {
    this.#sweepOf(workspaceId);
    const now = this.#options.nowMs();
    const found = (this.#texts.get(workspaceId) ?? [])
      .filter(
        ({ id, receivedAt }) =>
          (page.only === null || id === page.only) &&
          (page.before === null || id < page.before) &&
          (page.receivedFrom === null || receivedAt >= page.receivedFrom) &&
          (page.receivedBefore === null || receivedAt < page.receivedBefore),
      )
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, page.limit);
    for (const text of found.slice(0, page.given)) {
      if (text.readMs !== null) continue;
      text.readMs = now;
      this.#unread -= 1;
    }
    // Copies: what is held may be wiped while the answer is still being written.
    return found.map(({ sender, sinceMs: _since, readMs: _read, ...text }) => ({
      ...text,
      from: sender.toString(),
      content: Buffer.from(text.content),
    }));
  }

  /** Wipes what was read or has waited too long; says how much was wiped since the last time. */
  sweep(): Wiped {
    for (const workspaceId of this.#texts.keys()) this.#sweepOf(workspaceId);
    const wiped = this.#wiped;
    this.#wiped = { read: 0, aged: 0 };
    return wiped;
  }

  #sweepOf(workspaceId: string): void {
    const { readGraceMs, unreadMsMax = UNREAD_MS_MAX, nowMs } = this.#options;
    const now = nowMs();
    const own = this.#texts.get(workspaceId) ?? [];
    const left = own.filter((text) => {
      const over =
        text.readMs !== null ? now - text.readMs >= readGraceMs : now - text.sinceMs >= unreadMsMax;
      if (!over) return true;
      this.#wiped[text.readMs === null ? 'aged' : 'read'] += 1;
      this.#wipe(text);
      return false;
    });
    if (left.length === 0) this.#texts.delete(workspaceId);
    else if (left.length < own.length) this.#texts.set(workspaceId, left);
  }

  /** Wipes everything. */
  wipe(): void {
    for (const own of this.#texts.values()) for (const text of own) this.#wipe(text);
    this.#texts.clear();
  }

  #wipe(text: Held): void {
    this.#options.budget.release(text.workspaceId, text.content.length);
    if (text.readMs === null) this.#unread -= 1;
    text.content.fill(0);
    text.sender.fill(0);
  }
}
