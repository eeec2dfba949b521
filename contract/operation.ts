// An operation as a value: the one description that drives checking in the server, the OpenAPI document, the SDK
// and the record of processing. Whoever wants a new route writes one of these first.
import type * as z from 'zod';
import type { ErrorCode } from './errors.ts';
import { isAccountScope, isFreshScope, isPlatformScope, type Scope } from './scopes.ts';

/** Why the operation touches data (GDPR Art. 5(1)(b)); the record of processing is written from it. */
export type Purpose = 'service' | 'delivery' | 'billing' | 'security' | 'operations';

/** Features of the policy language that operations of this contract need. */
export type Feature =
  | 'messages'
  | 'inbound'
  | 'email_accounts'
  | 'device_accounts'
  | 'second_factors'
  | 'organisations'
  | 'support_tickets'
  | 'identity_checks'
  | 'usage_analytics'
  | 'error_reports'
  | 'top_ups'
  | 'auto_top_ups'
  | 'crypto_top_ups'
  | 'subscriptions'
  | 'invoices';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Octets of a JSON body, unless an operation says otherwise. */
export const bodyBytesMaxDefault = 65_536;

export interface Operation {
  /** Its place in the tree of operations and in the SDK: `messages.send`. Stable. */
  readonly id: string;
  readonly method: Method;
  /** `{id}` stands for the one parameter a path may have. */
  readonly path: `/${string}`;
  /** The scope a key needs, or null for what everybody may call. */
  readonly scope: Scope | null;
  readonly summary: string;
  readonly description: string;
  readonly purpose: Purpose;
  readonly request: {
    readonly params?: z.ZodObject;
    /** Every parameter is optional, and text until its schema has read it. */
    readonly query?: z.ZodObject;
    readonly body?: z.ZodType;
  };
  /** Answers by status. `noContent` for an empty one; `textBody` for one that is not JSON. */
  readonly responses: { readonly [status: number]: z.ZodType };
  /** Codes of its own, besides those that `errorsOf` adds for every operation of its kind. */
  readonly errors: readonly ErrorCode[];
  /** Whether repeating it changes nothing more, so that a client may repeat it even without an Idempotency-Key. */
  readonly idempotent: boolean;
  readonly bodyBytesMax?: number;
  /**
   * Somebody else's request under a signature: the body is handed over as the octets that came, unread, with these
   * headers (lower case) and no others. It is public, since the signature is what lets it in.
   */
  readonly signed?: { readonly headers: readonly string[] };
  /** Its answer holds the token of a session, which a browser may want in a cookie: `Sotto-Session: cookie`. */
  readonly opensSession?: true;
  /** Ends the session that asks: a browser forgets its cookie and what it kept. */
  readonly endsSession?: true;
  /** A feature of the policy it needs; where that is off, it answers `feature_off` and is done. */
  readonly feature?: Feature;
  /** Values that pass the schemas, for the document; a test holds them to it. */
  readonly examples?: { readonly body?: unknown; readonly answer?: unknown };
}

/** Declares an operation, keeping its exact types. A description that contradicts itself throws at load. */
export function operation<const Definition extends Operation>(definition: Definition): Definition {
  const { id, path, method, request, signed, scope } = definition as Operation;
  const named = [...path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]);
  const declared = Object.keys(request.params?.shape ?? {});
  const fault = (reason: string) => new TypeError(`operation ${id}: ${reason}`);
  if (named.join() !== declared.join()) throw fault(`path names [${named}], params declare [${declared}]`);
  if (named.length > 1) throw fault('a path has at most one parameter');
  if (request.body && (method === 'GET' || method === 'DELETE')) throw fault(`${method} takes no body`);
  if (request.body && request.query) throw fault('a body and a query do not go together');
  if (signed && (method !== 'POST' || request.body || request.query || scope !== null))
    throw fault('a signed body comes by a public POST, and no schema reads it');
  if (method === 'GET' && !definition.idempotent) throw fault('GET changes nothing');
  return definition;
}

/** Idempotency-Key works on every POST of our own callers; a signed notice is named by who sends it. */
export const takesIdempotencyKey = (operation: Operation): boolean =>
  operation.method === 'POST' && operation.signed === undefined;

/** Every code the operation may answer: its own, and those of its kind. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const codes = new Set<ErrorCode>(operation.errors);
  const add = (...more: ErrorCode[]) => {
    for (const code of more) codes.add(code);
  };
  if (operation.scope) add('unauthorized', 'session_ended', 'scope_missing', 'https_required');
  if (operation.scope && !isAccountScope(operation.scope))
    add('key_expired', 'key_revoked', 'ip_not_allowed');
  if (operation.scope && operation.scope !== 'account:finish') add('second_factor_required');
  if (operation.scope && isFreshScope(operation.scope)) add('reauthentication_required');
  // A workspace may be named in a header.
  if (operation.scope && !isAccountScope(operation.scope) && !isPlatformScope(operation.scope))
    add('not_found');
  if (operation.feature || operation.opensSession) add('feature_off');
  // Browsers add the cookie of a session to whatever any page sends.
  if (operation.opensSession || (operation.scope && operation.method !== 'GET')) add('origin_refused');
  if (operation.request.params) add('not_found');
  if (operation.request.query) add('invalid_request', 'unknown_field', 'duplicate_field');
  // An operation without a body refuses one that says something.
  if (operation.signed) {
    add('notice_refused', 'https_required', 'body_too_large', 'unsupported_media_type', 'request_timeout');
  } else if (operation.method !== 'GET') {
    add('invalid_json', 'invalid_encoding', 'duplicate_field', 'unknown_field', 'invalid_request');
    add('body_too_large', 'unsupported_media_type', 'request_timeout');
  }
  if (takesIdempotencyKey(operation)) {
    add('invalid_idempotency_key', 'idempotency_mismatch', 'idempotency_undecided');
  }
  add('rate_limited', 'internal', 'unavailable');
  return [...codes];
}

type Schema<Part> = Part extends z.ZodType ? Part : never;

/** What the server has after checking: defaults filled in. */
export type ParamsOf<Which extends Operation> = z.output<Schema<Which['request']['params']>>;
export type QueryOf<Which extends Operation> = z.output<Schema<Which['request']['query']>>;
export type BodyOf<Which extends Operation> = z.output<Schema<Which['request']['body']>>;

/** What a caller writes: defaults may be left out. A query is given as the values it is read to. */
export type BodyInput<Which extends Operation> = z.input<Schema<Which['request']['body']>>;
export type QueryInput<Which extends Operation> = Partial<QueryOf<Which>>;

type SuccessStatus = 200 | 201 | 202 | 204;

/** What a call returns when it succeeds. */
export type AnswerOf<Which extends Operation> = {
  [Status in keyof Which['responses'] & SuccessStatus]: z.output<Which['responses'][Status]>;
}[keyof Which['responses'] & SuccessStatus];
