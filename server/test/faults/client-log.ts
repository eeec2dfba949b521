// What the client asked for and what it was told: the first of the truths that are compared. It is written by the
// test's own process, which nobody kills.

/** One message that the client wants sent. Its text carries the marker in every part. */
export interface WantedMessage {
  readonly marker: string;
  readonly to: string;
  readonly text: string;
  readonly class: 'otp' | 'transactional' | 'marketing';
  /** Named in the promises about scheduling and validity: seconds. */
  readonly validitySeconds: number;
}

/** What the server said of one message. */
export type Told =
  | { readonly kind: 'accepted'; readonly id: string; readonly segments: number; readonly price: string }
  | { readonly kind: 'refused'; readonly code: string };

/** One POST under one Idempotency-Key, with every answer it ever got. */
export interface LoggedRequest {
  readonly key: string;
  readonly messages: readonly WantedMessage[];
  readonly batch: boolean;
  /** Times it was written to a socket. */
  attempts: number;
  /** Each definite answer, one list of outcomes an answer, in the order of the messages. */
  readonly answers: (readonly Told[])[];
}

export class ClientLog {
  readonly requests: LoggedRequest[] = [];

  begin(key: string, messages: readonly WantedMessage[], batch: boolean): LoggedRequest {
    const request: LoggedRequest = { key, messages, batch, attempts: 0, answers: [] };
    this.requests.push(request);
    return request;
  }

  /** Every message with what the server said of it last; null when it never gave a definite answer. */
  *outcomes(): Generator<{
    readonly wanted: WantedMessage;
    readonly request: LoggedRequest;
    readonly told: Told | null;
  }> {
    for (const request of this.requests) {
      const last = request.answers.at(-1);
      for (const [at, wanted] of request.messages.entries()) {
        yield { wanted, request, told: last?.[at] ?? null };
      }
    }
  }
}
