// One call: a request, its answer, and repeats where they can do no harm. Every POST carries an Idempotency-Key, ours
// where the caller gives none, so a repeat of it has the effect of one.
import {
  check,
  headers,
  IDEMPOTENCY_KEY,
  mediaTypeOf,
  type Operation,
  type Problem,
  takesIdempotencyKey,
} from '@sotto/contract';
import { OCTETS } from '@sotto/contract/bodies';
import { ConnectionError, SottoError } from './errors.ts';
import { retryAfterSecondsOf, retryDelayMs, type Timers } from './retry.ts';

export interface CallOptions {
  /** Ends the call at once, repeats included, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Names what is to be done once. Give your own to repeat a call safely after a restart; POST only. */
  readonly idempotencyKey?: string;
  /** For one attempt. */
  readonly timeoutMs?: number;
}

export interface Transport {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly retriesMax: number;
  readonly timers: Timers;
}

export interface CallInput {
  readonly id: string | null;
  readonly body: unknown;
  readonly query: Readonly<Record<string, string | number | undefined>>;
  readonly options: CallOptions;
}

type Outcome =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'failure'; readonly error: SottoError | ConnectionError; readonly repeatable: boolean };

/** Calls an operation. Throws SottoError, ConnectionError, the reason of an aborted signal, or TypeError on a bad id or key. */
export async function call(transport: Transport, operation: Operation, input: CallInput): Promise<unknown> {
  const { signal } = input.options;
  const idempotencyKey = takesIdempotencyKey(operation)
    ? (input.options.idempotencyKey ?? crypto.randomUUID())
    : null;
  if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw new TypeError('idempotencyKey must be 1 to 255 visible ASCII characters');
  }
  const mayRepeat = operation.idempotent || idempotencyKey !== null;
  const url = urlOf(transport.baseUrl, operation, input);
  const init = {
    method: operation.method,
    headers: requestHeaders(transport.apiKey, idempotencyKey, operation),
    // The API never redirects; following one could carry the request elsewhere.
    redirect: 'error' as const,
    ...(operation.request.body ? { body: JSON.stringify(input.body) } : {}),
  };
  for (let repeat = 1; ; repeat++) {
    const outcome = await attempt(transport, operation, url, init, input.options, idempotencyKey);
    if (outcome.kind === 'answer') return outcome.value;
    if (!mayRepeat || !outcome.repeatable || repeat > transport.retriesMax) throw outcome.error;
    const asked = outcome.error instanceof SottoError ? outcome.error.retryAfterSeconds : null;
    const delayMs = retryDelayMs(repeat, asked, transport.timers.random);
    if (delayMs === null) throw outcome.error;
    await transport.timers.wait(delayMs, signal);
  }
}

async function attempt(
  transport: Transport,
  operation: Operation,
  url: string,
  init: RequestInit,
  options: CallOptions,
  idempotencyKey: string | null,
): Promise<Outcome> {
  options.signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(options.timeoutMs ?? transport.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let response: Response;
  let octets: Uint8Array;
  try {
    response = await transport.fetch(url, { ...init, signal });
    octets = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    if (options.signal?.aborted) throw options.signal.reason;
    const fault = timeout.aborted ? 'timeout' : 'unreachable';
    // A timeout has used up the caller's patience; a connection that broke at once has not.
    return failure(new ConnectionError(fault, { idempotencyKey, cause }), fault === 'unreachable');
  }
  return outcomeOf(operation, response, octets, idempotencyKey);
}

function outcomeOf(
  operation: Operation,
  response: Response,
  octets: Uint8Array,
  idempotencyKey: string | null,
): Outcome {
  const { status } = response;
  const declared = operation.responses[status];
  const busy = status === 429 || status === 503;
  const unreadable = (cause?: unknown) =>
    failure(new ConnectionError('unreadable', { status, idempotencyKey, cause }), busy);
  const received = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null;
  if (declared) {
    const expected = mediaTypeOf(declared);
    if (expected === null) return { kind: 'answer', value: undefined };
    if (received === expected) {
      if (expected === OCTETS) return { kind: 'answer', value: octets };
      const text = textOf(octets);
      if (expected !== 'application/json') return { kind: 'answer', value: text };
      try {
        return { kind: 'answer', value: JSON.parse(text) };
      } catch (cause) {
        return unreadable(cause);
      }
    }
  }
  const problem = received === 'application/problem+json' ? problemIn(textOf(octets)) : null;
  if (problem === null) return unreadable();
  const error = new SottoError(problem, retryAfterSecondsOf(response.headers.get(headers.retryAfter)));
  return failure(error, busy || error.code === 'idempotency_undecided');
}

const textOf = (octets: Uint8Array): string => new TextDecoder().decode(octets);

const failure = (error: SottoError | ConnectionError, repeatable: boolean): Outcome => ({
  kind: 'failure',
  error,
  repeatable,
});

/** Only what the error relies on is looked at: a newer platform may send codes and fields unknown here. */
function problemIn(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { code, status, detail, request_id } = value as Record<string, unknown>;
    const known =
      typeof code === 'string' &&
      typeof status === 'number' &&
      typeof detail === 'string' &&
      typeof request_id === 'string';
    return known ? (value as Problem) : null;
  } catch {
    return null; // not JSON: something in between answered, and the caller learns the status
  }
}

function urlOf(baseUrl: string, operation: Operation, input: CallInput): string {
  let path: string = operation.path;
  if (operation.request.params) {
    // Checked here, because an empty id or `..` would reach another operation.
    const checked = check(operation.request.params, { id: input.id });
    if (!checked.ok) throw new TypeError(`${operation.id}: ${checked.faults[0].message}`);
    path = path.replace('{id}', encodeURIComponent(input.id as string));
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `${baseUrl}${path}${query.size > 0 ? `?${query}` : ''}`;
}

function requestHeaders(
  apiKey: string | null,
  idempotencyKey: string | null,
  operation: Operation,
): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json, */*;q=0.1',
    ...(operation.request.body ? { 'content-type': 'application/json' } : {}),
    ...(apiKey && operation.scope !== null ? { authorization: `Bearer ${apiKey}` } : {}),
    ...(idempotencyKey === null ? {} : { [headers.idempotencyKey]: idempotencyKey }),
  };
}
