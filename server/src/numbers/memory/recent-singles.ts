// Texts of one part that may come twice, known by a digest under a key this process drew.
import { createHmac, randomBytes } from 'node:crypto';
import type { DepositPiece } from './home-port.ts';

const REMEMBERED_MS = 900_000;
const REMEMBERED_MAX = 50_000;

type Single = Pick<DepositPiece, 'workspaceId' | 'to' | 'from' | 'form' | 'content'>;

export class RecentSingles {
  readonly #nowMs: () => number;
  readonly #key = randomBytes(32);
  /** Insertion order is age order. */
  readonly #seen = new Map<string, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Whether a piece like this was remembered lately. People do write the same word twice: ask only when in doubt. */
  knows(piece: Single): boolean {
    const atMs = this.#seen.get(this.#digest(piece));
    return atMs !== undefined && this.#nowMs() - atMs < REMEMBERED_MS;
  }

  remember(piece: Single): void {
    const digest = this.#digest(piece);
    this.#seen.delete(digest);
    this.#seen.set(digest, this.#nowMs());
    for (const [oldest, atMs] of this.#seen) {
      if (this.#seen.size <= REMEMBERED_MAX && this.#nowMs() - atMs < REMEMBERED_MS) break;
      this.#seen.delete(oldest);
    }
  }

  forget(): void {
    this.#seen.clear();
  }

  #digest({ workspaceId, to, from, form, content }: Single): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([workspaceId, to, from, form, content]))
      .digest('base64');
  }
}
