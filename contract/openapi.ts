// The OpenAPI 3.1 document, made from the operations. `npm run openapi` writes it to openapi.json, which is
// committed: a change of the public surface shows in review.
import type * as z from 'zod';
import { mediaTypeOf } from './bodies.ts';
import { type ErrorCode, errorCatalogue, errorCodes } from './errors.ts';
import { headers, IDEMPOTENCY_KEY, sessionCookieName } from './headers.ts';
import { type Json, SchemaCollector } from './openapi-schemas.ts';
import { errorsOf, type Operation, takesIdempotencyKey } from './operation.ts';
import { operations } from './operations.ts';
import { problemMediaType, problemOf, problemSchema } from './problem.ts';

export const apiVersion = '0.1.0';

const introduction = `Sends text messages, receives them on leased numbers, and keeps a prepaid balance.

Bodies are JSON in snake_case, at most 64 KiB unless an operation says more. Unknown fields are refused, and nothing is
converted: a number is not taken for text. Answers may gain fields, so ignore those you do not know. Ids carry a prefix;
money is exact decimal text with a currency; times are RFC 3339 in UTC; phone numbers are E.164 with a leading +. Lists
are walked with \`limit\` and \`cursor\`.

Errors are RFC 9457 problems with a stable \`code\`; /docs/errors explains each.

Send an \`Idempotency-Key\` with every POST: the same key and body get the same answer for at least 24 hours, however
often the request is repeated, and it takes effect once.`;

/** Builds the document. Pure: the same operations give the same document, key by key. */
export function buildOpenApi(): Json {
  const schemas = new SchemaCollector();
  const refusals = new Refusals(schemas.answer(problemSchema));
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    (paths[operation.path] as Json)[operation.method.toLowerCase()] = operationObject(
      operation,
      schemas,
      refusals,
    );
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Sotto',
      version: apiVersion,
      summary: 'A self-hosted SMS platform whose privacy policy is executable.',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This installation.' }],
    security: [{ bearer: [] }],
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key or the token of a session: `Authorization: Bearer <key>`.',
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookieName,
          description:
            'The session of a browser, where the policy lists this cookie. A bearer token goes before it.',
        },
      },
      parameters: { IdempotencyKey: idempotencyKeyParameter, Session: sessionParameter },
      headers: headerObjects,
      responses: refusals.responses,
      examples: Object.fromEntries(errorCodes.map((code) => [code, problemExample(code)])),
      schemas: schemas.components(),
    },
  };
}

function operationObject(operation: Operation, schemas: SchemaCollector, refusals: Refusals): Json {
  const parameters = [
    ...parametersOf('path', operation.request.params, schemas),
    ...parametersOf('query', operation.request.query, schemas),
    ...(operation.signed?.headers ?? []).map(signatureParameter),
    ...(takesIdempotencyKey(operation) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(operation.opensSession ? [{ $ref: '#/components/parameters/Session' }] : []),
  ];
  return {
    operationId: operation.id.replaceAll('.', '_'),
    tags: [tagOf(operation)],
    summary: operation.summary,
    description: operation.description,
    security: operation.scope === null ? [] : [{ bearer: [operation.scope] }, { cookie: [] }],
    'x-sotto-purpose': operation.purpose,
    'x-sotto-idempotent': operation.idempotent,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.request.body
      ? { requestBody: requestBody(operation, operation.request.body, schemas) }
      : {}),
    ...(operation.signed ? { requestBody: signedBody } : {}),
    responses: responsesOf(operation, schemas, refusals),
  };
}

function parametersOf(
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  schemas: SchemaCollector,
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...json } = schemas.answer(field as z.ZodType);
    return {
      name,
      in: place,
      required: place === 'path',
      ...(description === undefined ? {} : { description }),
      schema: json,
    };
  });
}

function requestBody(operation: Operation, body: z.ZodType, schemas: SchemaCollector): Json {
  const example = operation.examples?.body === undefined ? {} : { example: operation.examples.body };
  return { required: true, content: { 'application/json': { schema: schemas.request(body), ...example } } };
}

/** What a provider sends is described by the provider. */
const signedBody: Json = {
  required: true,
  description: 'The octets the provider signed.',
  content: { 'application/json': { schema: { type: 'object' } } },
};

const signatureParameter = (name: string): Json => ({
  name,
  in: 'header',
  required: false,
  description: 'Proves that the provider sent it; refused without.',
  schema: { type: 'string' },
});

function responsesOf(operation: Operation, schemas: SchemaCollector, refusals: Refusals): Json {
  const responses: Record<string, Json> = {};
  for (const [status, schema] of Object.entries(operation.responses)) {
    const mediaType = mediaTypeOf(schema);
    const example = operation.examples?.answer === undefined ? {} : { example: operation.examples.answer };
    responses[status] = {
      description: schema.description ?? 'Done.',
      headers: headerRefs(everyAnswer),
      ...(mediaType
        ? { content: { [mediaType]: { schema: answerSchema(schema, schemas), ...example } } }
        : {}),
    };
  }
  for (const [status, codes] of byStatus(errorsOf(operation))) {
    const own = responses[status];
    // A status may carry both an answer of its own and a problem, told apart by media type.
    responses[status] = own
      ? { ...own, content: { ...(own.content as Json), ...(refusals.inline(codes).content as Json) } }
      : refusals.shared(status, codes);
  }
  return responses;
}

/** The description of an answer stands at the response already. */
function answerSchema(schema: z.ZodType, schemas: SchemaCollector): Json {
  const { description: _, ...json } = schemas.answer(schema);
  return json;
}

/** Refusals, each set of codes described once for all operations that share it. */
class Refusals {
  readonly responses: Record<string, Json> = {};
  readonly #problem: Json;

  constructor(problem: Json) {
    this.#problem = problem;
  }

  shared(status: string, codes: readonly ErrorCode[]): Json {
    const name = [status, ...codes].join('-');
    this.responses[name] ??= this.inline(codes);
    return { $ref: `#/components/responses/${name}` };
  }

  inline(codes: readonly ErrorCode[]): Json {
    const retryable = codes.some((code) => errorCatalogue[code].retryable);
    const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]);
    return {
      description: `Refused: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
      headers: headerRefs([...everyAnswer, ...(retryable ? (['RetryAfter'] as const) : [])]),
      content: { [problemMediaType]: { schema: this.#problem, examples: Object.fromEntries(examples) } },
    };
  }
}

function byStatus(codes: readonly ErrorCode[]): [string, ErrorCode[]][] {
  const groups = Map.groupBy(codes, (code) => errorCatalogue[code].status);
  return [...groups].sort(([a], [b]) => a - b).map(([status, group]) => [String(status), group]);
}

/** `admin.carriers.list` belongs to `admin carriers`. */
const tagOf = (operation: Operation): string => operation.id.split('.').slice(0, -1).join(' ');

const exampleRequestId = 'req_01jd3rh8e7fv2r0kqvw4m9xt5c';

const problemExample = (code: ErrorCode): Json => ({
  summary: errorCatalogue[code].sentence,
  value: problemOf(code, { requestId: exampleRequestId }),
});

const idempotencyKeyParameter = {
  name: headers.idempotencyKey,
  in: 'header',
  required: false,
  description:
    'Names this request, so that repeating it repeats the answer and not the effect. Same key and body: the same ' +
    'answer, for at least 24 hours. Another body: 422. Still undecided: 409.',
  schema: { type: 'string', pattern: IDEMPOTENCY_KEY.source },
  example: '7f1c9a52-4f3e-4a8e-9a57-0f8a5d0c7b11',
};

const sessionParameter = {
  name: headers.session,
  in: 'header',
  required: false,
  description:
    'For browsers, where the policy lists the cookie: the session comes in a cookie that no script reads, and token ' +
    `is null. Send it from a page of this installation. The cookie is \`${sessionCookieName}\`.`,
  schema: { type: 'string', enum: ['cookie'] },
};

const header = (name: string, description: string, schema: Json) => ({
  description: `${name}: ${description}`,
  schema,
});

const headerObjects = {
  RequestId: header(headers.requestId, 'names this request in logs; quote it when you report a problem.', {
    type: 'string',
    example: exampleRequestId,
  }),
  RateLimitLimit: header(headers.rateLimit, 'requests allowed in the current window.', {
    type: 'integer',
    minimum: 0,
  }),
  RateLimitRemaining: header(headers.rateRemaining, 'requests left in the current window.', {
    type: 'integer',
    minimum: 0,
  }),
  RateLimitReset: header(headers.rateReset, 'seconds until the window ends.', {
    type: 'integer',
    minimum: 0,
  }),
  RetryAfter: header(headers.retryAfter, 'seconds to wait before the request is repeated.', {
    type: 'integer',
    minimum: 0,
  }),
} as const;

const headerNames: Record<keyof typeof headerObjects, string> = {
  RequestId: headers.requestId,
  RateLimitLimit: headers.rateLimit,
  RateLimitRemaining: headers.rateRemaining,
  RateLimitReset: headers.rateReset,
  RetryAfter: headers.retryAfter,
};

const everyAnswer = ['RequestId', 'RateLimitLimit', 'RateLimitRemaining', 'RateLimitReset'] as const;

const headerRefs = (names: readonly (keyof typeof headerObjects)[]): Json =>
  Object.fromEntries(names.map((name) => [headerNames[name], { $ref: `#/components/headers/${name}` }]));
