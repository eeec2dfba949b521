// From whatever was thrown to the problem a caller gets. What is not an AppError is our fault: it is logged by class
// and code, and the caller learns only that, and the id to quote.
import {
  type ErrorCode,
  errorCatalogue,
  type Fault,
  type Problem,
  problemOf,
  problemOfFaults,
} from '@sotto/contract';
import { isUnavailable } from '#platform/database';
import { AppError } from '#platform/errors';

/** A refusal of the edge itself: several faults in one request. */
export class InvalidRequest extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super('invalid request');
    this.faults = faults;
  }
}

/** Errors that Fastify raises before a handler runs, by its code. */
const FASTIFY: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>(
  Object.entries({
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
    FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
    FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
    FST_ERR_BAD_URL: 'not_found',
  } as const),
);

export function toProblem(error: unknown, requestId: string): { problem: Problem; unexpected: boolean } {
  if (error instanceof InvalidRequest)
    return { problem: problemOfFaults(error.faults, requestId), unexpected: false };
  if (error instanceof AppError) {
    const { sentence, wayOut } = errorCatalogue[error.code];
    return {
      problem: problemOf(error.code, {
        requestId,
        ...(error.detail === undefined ? {} : { detail: `${sentence} ${error.detail} ${wayOut}` }),
        ...(error.reason === undefined ? {} : { reason: error.reason }),
        ...(error.field === undefined ? {} : { field: error.field }),
        ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
      }),
      unexpected: error.code === 'internal',
    };
  }
  // Anything may be thrown, also what has no properties.
  const thrown: object = typeof error === 'object' && error !== null ? error : {};
  const code = FASTIFY.get((thrown as { code?: string }).code ?? '');
  if (code) return { problem: problemOf(code, { requestId }), unexpected: false };
  if (isUnavailable(thrown)) {
    return { problem: problemOf('unavailable', { requestId, retryAfterSeconds: 1 }), unexpected: false };
  }
  return { problem: problemOf('internal', { requestId }), unexpected: true };
}
