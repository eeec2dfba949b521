// Submissions whose answer did not come in time. When it comes after all, it names the carrier's id of a message whose
// outcome was reported as unknown, without which its receipt could not be matched.
import type { ClientSession } from '@sotto/smpp';

/** Per session; more than this many late answers nobody can tell apart from a carrier that is gone. */
const REMEMBERED_MAX = 10_000;

export class LateAnswers {
  /** Sequence numbers mean something within their session only, and are forgotten with it. */
  readonly #bySession = new WeakMap<ClientSession, Map<number, string>>();

  /** The answer to this request did not come in time. */
  remember(session: ClientSession, sequence: number, partId: string): void {
    let waiting = this.#bySession.get(session);
    if (waiting === undefined) {
      waiting = new Map();
      this.#bySession.set(session, waiting);
    }
    waiting.set(sequence, partId);
    if (waiting.size <= REMEMBERED_MAX) return;
    for (const oldest of waiting.keys()) {
      waiting.delete(oldest);
      break;
    }
  }

  /** The part that this sequence number belonged to, once; undefined for an answer to nothing. */
  take(session: ClientSession, sequence: number): string | undefined {
    const waiting = this.#bySession.get(session);
    const partId = waiting?.get(sequence);
    waiting?.delete(sequence);
    return partId;
  }
}
