// The body of every error answer: RFC 9457 `application/problem+json` with a stable code and the fields at fault.
import * as z from 'zod';
import { type ErrorCode, errorCatalogue, errorCodes, problemType } from './errors.ts';
import { type ReasonCode, reasonCodes } from './reasons.ts';

export const problemMediaType = 'application/problem+json';

/** How many faults one answer lists; a body can hold far more of them than anyone reads. */
export const faultsMax = 50;

const codeSchema = z.enum(errorCodes as readonly [ErrorCode, ...ErrorCode[]]);

export const faultSchema = z
  .strictObject({
    field: z.string().describe('Path of the field in the request, such as `metadata.order`.'),
    code: codeSchema,
    message: z.string().describe('What the field must be. Never the value that was refused.'),
  })
  .meta({ id: 'Fault' });

export const problemSchema = z
  .strictObject({
    type: z.string().describe('Where the code is explained, relative to this installation.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: codeSchema.describe('Stable; branch on this.'),
    detail: z.string().describe('What happened and the way out, in one or two sentences.'),
    reason: z
      .enum(reasonCodes as readonly [ReasonCode, ...ReasonCode[]])
      .optional()
      .describe('Why, where limits of use refuse; stable. Some can be appealed.'),
    field: z.string().optional().describe('The first field at fault, if it was a field.'),
    errors: z.array(faultSchema).max(faultsMax).optional().describe('Every fault found in the request.'),
    retry_after_seconds: z.int().min(0).optional().describe('As the Retry-After header.'),
    request_id: z.string().describe('As the Request-Id header; quote it when you report a problem.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

export type Fault = z.output<typeof faultSchema>;
export type Problem = z.output<typeof problemSchema>;

export interface ProblemFacts {
  readonly requestId: string;
  /** Public; replaces the sentence and way out of the catalogue where the server knows better. */
  readonly detail?: string;
  readonly reason?: ReasonCode;
  readonly field?: string;
  readonly errors?: readonly Fault[];
  readonly retryAfterSeconds?: number;
}

/** The problem a code stands for. Pure: the same facts give the same body, which an idempotent replay relies on. */
export function problemOf(code: ErrorCode, facts: ProblemFacts): Problem {
  const { status, title, sentence, wayOut } = errorCatalogue[code];
  return {
    type: problemType(code),
    title,
    status,
    code,
    detail: facts.detail ?? `${sentence} ${wayOut}`,
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    ...(facts.field === undefined ? {} : { field: facts.field }),
    ...(facts.errors === undefined ? {} : { errors: facts.errors.slice(0, faultsMax) }),
    ...(facts.retryAfterSeconds === undefined ? {} : { retry_after_seconds: facts.retryAfterSeconds }),
    request_id: facts.requestId,
  };
}

/**
 * The problem that faults in a request add up to: their own code when they agree, else `invalid_request`.
 * `detail` is the first fault's sentence. Throws RangeError on no faults at all.
 */
export function problemOfFaults(faults: readonly Fault[], requestId: string): Problem {
  const first = faults[0];
  if (first === undefined) throw new RangeError('a request without faults has no problem');
  const code = faults.every((fault) => fault.code === first.code) ? first.code : 'invalid_request';
  const detail = `${first.message} ${errorCatalogue[code].wayOut}`;
  return problemOf(code, { requestId, detail, field: first.field, errors: faults });
}
