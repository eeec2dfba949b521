// A failure is thrown once as an AppError: what the caller may read, what the log may hold, whether the same
// call may be tried again. An outcome the caller chooses on is a value, not an AppError.
import type { ErrorCode } from '@sotto/contract';
import type { ReasonCode } from '@sotto/contract/reasons';

export interface AppErrorOptions {
  /** Completes the catalogue's public sentence with what was found. Never a number, text, address or token. */
  readonly detail?: string;
  /** Which limit of use refused, in public words that help nobody to get around it. */
  readonly reason?: ReasonCode;
  /** The request field at fault, as a path: `messages[3].to`. */
  readonly field?: string;
  /** For the log only; the same privacy rules apply. */
  readonly internal?: string;
  /** The same call may succeed later without a change. */
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A failure with a code of the public catalogue (`docs/errors.md`). */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly reason: ReasonCode | undefined;
  readonly field: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(
      options.internal ?? options.detail ?? code,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail;
    this.reason = options.reason;
    this.field = options.field;
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A broken invariant is a programmer's error: the request dies with a 500, the process lives on. */
export function assertInvariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${sentence}`);
}

/** A sentence for the operator at start or on the command line; ends the process with exit code 1, no stack. */
export class Refusal extends Error {
  readonly waysOut: readonly string[];
  constructor(sentence: string, waysOut: readonly string[] = [], cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.waysOut = waysOut;
  }
}
