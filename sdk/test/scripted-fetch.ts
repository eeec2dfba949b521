// A fetch that answers from a script and remembers what it was asked, and timers that do not wait.
import { type ErrorCode, problemOf } from '@sotto/contract';
import { createClient } from '@sotto/sdk';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Scripted =
  | Response
  | Error
  | ((asked: Asked, signal: AbortSignal) => Response | Promise<Response>);

export const requestId = 'req_01jd3rh8e7fv2r0kqvw4m9xt5c';

export const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });

export const refusal = (code: ErrorCode, headers: Record<string, string> = {}) => {
  const problem = problemOf(code, { requestId });
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
};

/** A client over the script; `asked` and `waits` fill while it is used. Running out of script fails the call. */
export function scripted(
  script: readonly Scripted[],
  options: { retriesMax?: number; timeoutMs?: number } = {},
) {
  const asked: Asked[] = [];
  const waits: number[] = [];
  const left = [...script];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    const one = { method: init?.method ?? 'GET', url: String(input), headers, body };
    asked.push(one);
    const next = left.shift();
    if (next === undefined) throw new Error('the script has no further answer');
    if (next instanceof Error) throw next;
    return typeof next === 'function' ? next(one, init?.signal as AbortSignal) : next;
  };
  const client = createClient({
    baseUrl: 'https://sms.example.com/base/',
    apiKey: 'sotto_test_key',
    fetch,
    timers: {
      random: () => 0.5,
      wait: async (ms, signal) => {
        signal?.throwIfAborted();
        waits.push(ms);
      },
    },
    ...options,
  });
  return { client, asked, waits, left };
}
