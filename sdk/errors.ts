// What a call can throw: a refusal by the platform, or no answer that can be relied on.
import { type ErrorCode, errorCatalogue, isErrorCode, type Problem } from '@sotto/contract';

/** The platform refused. `problem` is its answer; branch on `code`, and expect codes newer than this client. */
export class SottoError extends Error {
  readonly problem: Problem;
  readonly status: number;
  readonly code: ErrorCode | (string & {});
  /** The first field at fault, if it was a field. */
  readonly field: string | null;
  /** Quote it when you report a problem. */
  readonly requestId: string;
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'SottoError';
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field ?? null;
    this.requestId = problem.request_id;
    this.retryAfterSeconds = problem.retry_after_seconds ?? retryAfterSeconds;
  }

  /** Whether the same call may succeed later without a change. */
  get retryable(): boolean {
    return isErrorCode(this.code) ? errorCatalogue[this.code].retryable : this.status >= 500;
  }
}

/** unreachable: no connection; timeout: no answer in time; unreadable: an answer that is not this API's. */
export type ConnectionFault = 'unreachable' | 'timeout' | 'unreadable';

/**
 * No answer to rely on, so the call may or may not have taken effect. Repeat a POST only with the same
 * `idempotencyKey`.
 */
export class ConnectionError extends Error {
  readonly fault: ConnectionFault;
  /** The status of an unreadable answer, as from a proxy in between; null when there was none. */
  readonly status: number | null;
  /** The key of the call, to repeat it safely; null when it had none. */
  readonly idempotencyKey: string | null;

  constructor(
    fault: ConnectionFault,
    facts: { status?: number; idempotencyKey: string | null; cause?: unknown },
  ) {
    super(sentences[fault], { cause: facts.cause });
    this.name = 'ConnectionError';
    this.fault = fault;
    this.status = facts.status ?? null;
    this.idempotencyKey = facts.idempotencyKey;
  }
}

const sentences: Record<ConnectionFault, string> = {
  unreachable: 'The platform could not be reached.',
  timeout: 'The platform did not answer in time.',
  unreadable: 'The answer did not come from this API, or was cut.',
};
