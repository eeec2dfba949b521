// Our requests that wait for an answer: one entry each, one clock for all of them.
import type { RequestOutcome } from './session-types.ts';

/** SMPP 3.4 §3.2: sequence numbers run from 1 to 0x7FFFFFFF and start again. */
export const SEQUENCE_MAX = 0x7fffffff;

export class OpenRequest {
  readonly command: string;
  readonly sequence: number;
  readonly deadlineMs: number;
  /** Position in the output behind this request; tells whether it was handed to the socket. */
  readonly position: number;
  readonly settle: (outcome: RequestOutcome) => void;

  constructor(
    command: string,
    sequence: number,
    deadlineMs: number,
    position: number,
    settle: (outcome: RequestOutcome) => void,
  ) {
    this.command = command;
    this.sequence = sequence;
    this.deadlineMs = deadlineMs;
    this.position = position;
    this.settle = settle;
  }
}

/** Gives sequence numbers, skipping those still in use after the series has wrapped. */
export class SequenceNumbers {
  #last: number;

  constructor(last = 0) {
    this.#last = last;
  }

  next(inUse: (sequence: number) => boolean): number {
    do {
      this.#last = this.#last >= SEQUENCE_MAX ? 1 : this.#last + 1;
    } while (inUse(this.#last));
    return this.#last;
  }
}

/** Requests in the order they were made. */
export class OpenRequests {
  readonly #bySequence = new Map<number, OpenRequest>();

  get size(): number {
    return this.#bySequence.size;
  }

  has(sequence: number): boolean {
    return this.#bySequence.has(sequence);
  }

  add(request: OpenRequest): void {
    this.#bySequence.set(request.sequence, request);
  }

  /** Takes the request out; undefined when nothing waits under this number. */
  take(sequence: number): OpenRequest | undefined {
    const request = this.#bySequence.get(sequence);
    if (request !== undefined) this.#bySequence.delete(sequence);
    return request;
  }

  /** Takes out every request whose deadline has passed. */
  takeExpired(nowMs: number): OpenRequest[] {
    const expired: OpenRequest[] = [];
    for (const request of this.#bySequence.values()) if (request.deadlineMs <= nowMs) expired.push(request);
    for (const request of expired) this.#bySequence.delete(request.sequence);
    return expired;
  }

  takeAll(): OpenRequest[] {
    const all = [...this.#bySequence.values()];
    this.#bySequence.clear();
    return all;
  }
}
