// A typed client of the API, derived from the operations of the contract: every operation is a method at the place
// its id names, `messages.send` being `client.messages.send(body)`. There is nothing to generate or keep in step.

import {
  type AnswerOf,
  api,
  type BodyInput,
  isOperation,
  type Operation,
  type OperationTree,
  type QueryInput,
} from '@sotto/contract';
import { checkedBaseUrl } from './base-url.ts';
import { type CallInput, type CallOptions, call, type Transport } from './call.ts';
import { retriesMaxDefault, systemTimers, type Timers } from './retry.ts';

export type { CallOptions } from './call.ts';
export { ConnectionError, type ConnectionFault, SottoError } from './errors.ts';
export { each } from './pages.ts';
export { solveChallenge } from './proof-of-work.ts';
export type { Timers } from './retry.ts';
export { type StoreAccount, storeAccountOf } from './store-account.ts';

export const timeoutMsDefault = 30_000;

export interface ClientOptions {
  /** Where the installation is, such as `https://sms.example.com`. Plain http only to this machine. */
  readonly baseUrl: string;
  /** Left out for a client that calls public operations only. */
  readonly apiKey?: string;
  /** Another fetch, for tests or special networks. */
  readonly fetch?: typeof globalThis.fetch;
  /** For one attempt, answer included. Default 30,000. */
  readonly timeoutMs?: number;
  /** Repeats after the first attempt, for calls that may be repeated. Default 2; 0 for none. */
  readonly retriesMax?: number;
  /** Allows plain http beyond this machine, where something else protects the key on the way. */
  readonly insecureHttp?: boolean;
  /** How to wait and draw, for tests. */
  readonly timers?: Timers;
}

/** The arguments of an operation: its id if the path has one, then body or query, then options. */
export type Arguments<Which extends Operation> = [
  ...(Which['request'] extends { readonly params: object } ? [id: string] : []),
  ...(Which['request'] extends { readonly body: object } ? [body: BodyInput<Which>] : []),
  ...(Which['request'] extends { readonly query: object } ? [query?: QueryInput<Which>] : []),
  options?: CallOptions,
];

/** Answers with the body of success, or throws SottoError (refused) or ConnectionError (no answer to rely on). */
export type Call<Which extends Operation> = (...args: Arguments<Which>) => Promise<AnswerOf<Which>>;

export type ClientOf<Tree> = {
  readonly [Name in keyof Tree]: Tree[Name] extends Operation ? Call<Tree[Name]> : ClientOf<Tree[Name]>;
};

export type Client = ClientOf<typeof api>;

/**
 * Makes a client. Throws TypeError on a base URL that would send the key unprotected. Holds no connection and no
 * timer of its own.
 */
export function createClient(options: ClientOptions): Client {
  const transport: Transport = {
    baseUrl: checkedBaseUrl(options.baseUrl, options.insecureHttp ?? false),
    apiKey: options.apiKey ?? null,
    // Looked up at each call, so that a fetch that is instrumented later counts.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeoutMs: options.timeoutMs ?? timeoutMsDefault,
    retriesMax: options.retriesMax ?? retriesMaxDefault,
    timers: options.timers ?? systemTimers,
  };
  return branch(api, transport) as Client;
}

function branch(tree: OperationTree, transport: Transport): unknown {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [
      name,
      isOperation(node)
        ? (...args: unknown[]) => call(transport, node, inputOf(node, args))
        : branch(node, transport),
    ]),
  );
}

/** Sorts arguments by what the operation takes, in the order of `Arguments`. */
function inputOf(operation: Operation, args: readonly unknown[]): CallInput {
  const rest = [...args];
  const id = operation.request.params ? (rest.shift() as string) : null;
  const body = operation.request.body ? rest.shift() : undefined;
  const query = operation.request.query ? ((rest.shift() ?? {}) as CallInput['query']) : {};
  return { id, body, query, options: (rest.shift() ?? {}) as CallOptions };
}
