// Calls an operation through the whole HTTP server, in memory, and holds the answer to the contract: a success must
// pass the operation's schema for its status, a refusal must be a problem of a code the operation declares.
import assert from 'node:assert/strict';
import { errorsOf, isErrorCode, mediaTypeOf, type Operation, problemMediaType } from '@sotto/contract';
import { type Problem, problemSchema } from '@sotto/contract/problem';
import type { HttpServer } from '#http';

export interface Request {
  /** Bearer token; none when left out. */
  readonly token?: string;
  /** What stands for the one parameter of the path. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: it has passed the operation's schema, and tests read what they assert.
  readonly body: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Answers of any operation that the edge may give before it knows which one was meant. */
const OF_THE_EDGE: ReadonlySet<string> = new Set(['not_found', 'method_not_allowed', 'unknown_field']);

/** Makes the request and fails the test when the answer breaks the contract. */
export async function callOperation(
  server: HttpServer,
  operation: Operation,
  request: Request = {},
): Promise<Answer> {
  const answer = await server.fastify.inject({
    method: operation.method,
    url: operation.path.replace(/\{[a-z_]+\}/, request.id ?? 'missing'),
    query: { ...request.query },
    headers: {
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
  });
  const { statusCode: status, payload: text } = answer;
  assert.match(
    String(answer.headers['request-id']),
    /^req_/,
    `${operation.id}: every answer names its request`,
  );
  const body = bodyOf(operation, status, String(answer.headers['content-type']), text);
  return { status, body, text, headers: answer.headers };
}

function bodyOf(operation: Operation, status: number, contentType: string, text: string): unknown {
  const schema = operation.responses[status];
  if (schema === undefined) {
    assert.equal(
      contentType.split(';')[0],
      problemMediaType,
      `${operation.id} answered ${status}: ${text.slice(0, 300)}`,
    );
    const problem: Problem = problemSchema.parse(JSON.parse(text));
    assert.equal(problem.status, status);
    assert.ok(isErrorCode(problem.code));
    assert.ok(
      errorsOf(operation).includes(problem.code) || OF_THE_EDGE.has(problem.code),
      `${operation.id} answers ${problem.code}, which it does not declare`,
    );
    return problem;
  }
  const media = mediaTypeOf(schema);
  if (media === null) {
    assert.equal(text, '', `${operation.id}: ${status} has no body`);
    return undefined;
  }
  assert.equal(contentType.split(';')[0], media);
  const value = media === 'application/json' ? JSON.parse(text) : text;
  const parsed = schema.safeParse(value);
  assert.ok(parsed.success, `${operation.id} answered ${status} out of contract: ${parsed.error?.message}`);
  return value;
}
