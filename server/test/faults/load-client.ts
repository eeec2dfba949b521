// A client as careful clients are: every POST has an Idempotency-Key, and whatever is not a definite answer (no
// connection, no answer in time, 409, 429, 5xx) is asked again under the same key until one comes.
import { setTimeout as pause } from 'node:timers/promises';
import type { ClientLog, LoggedRequest, Told, WantedMessage } from './client-log.ts';

export interface LoadClientOptions {
  readonly log: ClientLog;
  /** Where the server listens now; it moves when the server is started again. */
  readonly baseUrl: () => string;
  readonly apiKey: () => string;
  readonly keyPrefix: string;
}

const ATTEMPT_LIMIT_MS = 8_000;
const AGAIN_MS = 60;
/** A request that has no answer by then counts as never answered, which the checker reports. */
const REQUEST_LIMIT_MS = 120_000;

interface MessageAnswer {
  readonly id: string;
  readonly segments: number;
  readonly price: { readonly amount: string };
}

export class LoadClient {
  readonly #options: LoadClientOptions;
  #keys = 0;
  #stopped = false;
  /** Milliseconds on `performance.now()` of the latest 202; recovery is measured against it. */
  lastAcceptedMs = 0;

  constructor(options: LoadClientOptions) {
    this.#options = options;
  }

  /** Sends one message and resolves when its answer is definite. */
  sendOne(wanted: WantedMessage): Promise<void> {
    return this.#send(this.#options.log.begin(this.#key(), [wanted], false));
  }

  /** Sends many in one request. */
  sendBatch(wanted: readonly WantedMessage[]): Promise<void> {
    return this.#send(this.#options.log.begin(this.#key(), wanted, true));
  }

  /** The same request under the same key, so many times at once. */
  async sendRepeatedly(wanted: WantedMessage, times: number): Promise<void> {
    const request = this.#options.log.begin(this.#key(), [wanted], false);
    await Promise.all(Array.from({ length: times }, () => this.#send(request)));
  }

  /** Keeps `lanes` requests under way until every message has its answer. `batchOf` > 1 sends batches as well. */
  async sendAll(wanted: readonly WantedMessage[], lanes: number, batchOf = 1): Promise<void> {
    const waiting = [...wanted];
    const lane = async (number: number): Promise<void> => {
      while (waiting.length > 0) {
        if (batchOf > 1 && number === 0) await this.sendBatch(waiting.splice(0, batchOf));
        else await this.sendOne(waiting.shift()!);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  }

  /** Gives up on what has no answer yet, at the end of a run that failed. */
  stop(): void {
    this.#stopped = true;
  }

  #key(): string {
    return `${this.#options.keyPrefix}-${this.#keys++}`;
  }

  async #send(request: LoggedRequest): Promise<void> {
    const until = performance.now() + REQUEST_LIMIT_MS;
    while (!this.#stopped && performance.now() < until) {
      const told = await this.#attempt(request);
      if (told !== null) {
        request.answers.push(told);
        return;
      }
      await pause(AGAIN_MS);
    }
  }

  /** One attempt; null when it says nothing definite. */
  async #attempt(request: LoggedRequest): Promise<readonly Told[] | null> {
    request.attempts += 1;
    const bodies = request.messages.map((wanted) => ({
      to: wanted.to,
      text: wanted.text,
      class: wanted.class,
      validity_seconds: wanted.validitySeconds,
    }));
    try {
      const response = await fetch(`${this.#options.baseUrl()}/v1/messages${request.batch ? '/batch' : ''}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.#options.apiKey()}`,
          'content-type': 'application/json',
          'idempotency-key': request.key,
        },
        body: JSON.stringify(request.batch ? { messages: bodies } : bodies[0]),
        signal: AbortSignal.timeout(ATTEMPT_LIMIT_MS),
      });
      const body = (await response.json()) as Record<string, unknown>;
      if (response.status === 202) {
        this.lastAcceptedMs = performance.now();
        return request.batch
          ? (body.data as BatchItem[]).map(toldOf)
          : [accepted(body as unknown as MessageAnswer)];
      }
      if (response.status === 409 || response.status === 429 || response.status >= 500) return null;
      return request.messages.map(() => ({ kind: 'refused', code: String(body.code) }));
    } catch {
      // No connection, a cut answer, or none in time: what became of it is unknown, and asking again is how to learn.
      return null;
    }
  }
}

type BatchItem = { readonly message: MessageAnswer } | { readonly error: { readonly code: string } };

const accepted = ({ id, segments, price }: MessageAnswer): Told => ({
  kind: 'accepted',
  id,
  segments,
  price: price.amount,
});

const toldOf = (item: BatchItem): Told =>
  'message' in item ? accepted(item.message) : { kind: 'refused', code: item.error.code };
