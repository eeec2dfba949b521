// A route binds an operation of the contract to the code that answers it. Contexts write routes; http mounts them,
// which means: it authenticates, checks scope and form, gives an Idempotency-Key its meaning, and presents errors.
import type { AnswerOf, BodyOf, Fault, Operation, ParamsOf, QueryOf } from '@sotto/contract';
import type { Tx } from './db/database.ts';

/** One request, checked: the caller is known and allowed, the values have passed the operation's schemas. */
export interface Call<Op extends Operation, Caller> {
  readonly caller: Caller;
  readonly params: ParamsOf<Op>;
  readonly query: QueryOf<Op>;
  readonly body: BodyOf<Op>;
  readonly requestId: string;
  /** Where it comes from, as the socket or a trusted proxy says. For limits alone: never logged, never stored in clear. */
  readonly address: string;
  /** The request carries `Sec-GPC: 1`: whoever calls opts out of the sale and sharing of their data. */
  readonly optsOutOfSale: boolean;
  /** MACs of the Idempotency-Key (with caller and operation) and of the request's octets; null without a key. */
  readonly idempotency: RequestMacs | null;
  /** What came, of an operation with a signed body; null for all others. */
  readonly signed: SignedBody | null;
}

/** Somebody else's body as it came, not read yet, and the headers that prove who sent it. */
export interface SignedBody {
  readonly octets: Buffer;
  /** Those the operation names, by their names in lower case; absent ones and repeated ones are undefined. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface RequestMacs {
  readonly keyMac: Buffer;
  readonly requestMac: Buffer;
  /** The key's MAC for one chunk of a request that is decided in several transactions. */
  chunk(index: number): Buffer;
}

/** What a handler answers: the body of the operation's success, or an answer that says more of itself. */
export type Answer<Op extends Operation> = AnswerOf<Op> | Shaped;

/**
 * An answer with a status of its own (one the operation declares) or headers that replace the usual ones. Only for
 * routes without an Idempotency-Key: what is kept for a repetition is a body alone.
 */
export class Shaped {
  readonly body: unknown;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: unknown, shape: { status?: number; headers?: Readonly<Record<string, string>> }) {
    this.body = body;
    this.status = shape.status;
    this.headers = shape.headers ?? {};
  }
}

/** An answer under another status than the operation's success, such as a readiness of 503. */
export const withStatus = (status: number, body: unknown): Shaped => new Shaped(body, { status });

/** An answer whose headers replace those every answer has. Names in lower case. */
export const withHeaders = (headers: Readonly<Record<string, string>>, body: unknown): Shaped =>
  new Shaped(body, { headers });

export interface Route {
  readonly operation: Operation;
  /**
   * `reads`: changes nothing, or nothing a repetition would change further. `transaction`: changes things in the
   * transaction it is given, which http commits together with the idempotency row. `itself`: has transactions of
   * its own and gives the Idempotency-Key its meaning itself.
   */
  readonly kind: 'reads' | 'transaction' | 'itself';
  readonly handle: (call: Call<Operation, unknown>, tx: Tx | null, prepared?: unknown) => Promise<unknown>;
  /**
   * What takes long and needs no transaction, done before the one of a route of kind `transaction` begins; its answer
   * is handed to `handle`. Not done for a request that is known by its key. What it changes bears repetition.
   */
  readonly prepare?: (call: Call<Operation, unknown>) => Promise<unknown>;
  /** Milliseconds before which it does not answer, so that the time says nothing of what was found. */
  readonly steadyMs?: number;
  /** What is kept for a repeated request, where that is not what was answered: secrets are never replayed. */
  readonly kept?: (answer: unknown) => unknown;
  /**
   * Called when the transaction is committed and before it is answered, so that this process acts on the change at
   * once. Others learn of it by polling, and so does this one when the call fails: it is logged, the answer stands.
   */
  readonly committed?: () => Promise<unknown>;
  /** Decides as the operation's schema does, faster; for hot routes, whose tests hold both together. */
  readonly checkBody?: BodyCheck;
  /**
   * A token of the installation's settings that opens this route besides keys with its scope, for machines that
   * have no key. Its caller is null.
   */
  readonly token?: string;
}

export type BodyCheck = (
  body: unknown,
) =>
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** A route whose handler reads, or whose effect bears repetition. */
export const reads = <Op extends Operation, Caller>(
  operation: Op,
  handle: (call: Call<Op, Caller>) => Promise<Answer<Op>>,
): Route => ({ operation, kind: 'reads', handle: (call) => handle(call as Call<Op, Caller>) });

/** A route whose handler works inside the transaction it is given. */
export const inTransaction = <Op extends Operation, Caller, Prepared = undefined>(
  operation: Op,
  handle: (call: Call<Op, Caller>, tx: Tx, prepared: Prepared) => Promise<Answer<Op>>,
  options: TransactionOptions<Op, Caller, Prepared> = {},
): Route => {
  const { kept, committed, prepare, steadyMs } = options;
  return {
    operation,
    kind: 'transaction',
    handle: (call, tx, prepared) => handle(call as Call<Op, Caller>, tx!, prepared as Prepared),
    ...(kept === undefined ? {} : { kept: kept as (answer: unknown) => unknown }),
    ...(committed === undefined ? {} : { committed }),
    ...(prepare === undefined ? {} : { prepare: (call) => prepare(call as Call<Op, Caller>) }),
    ...(steadyMs === undefined ? {} : { steadyMs }),
  };
};

interface TransactionOptions<Op extends Operation, Caller, Prepared> {
  readonly kept?: (answer: AnswerOf<Op>) => unknown;
  readonly committed?: () => Promise<unknown>;
  readonly prepare?: (call: Call<Op, Caller>) => Promise<Prepared>;
  readonly steadyMs?: number;
}

/** A route whose handler has transactions of its own. */
export const byItself = <Op extends Operation, Caller>(
  operation: Op,
  handle: (call: Call<Op, Caller>) => Promise<Answer<Op>>,
  checkBody?: BodyCheck,
): Route => ({
  operation,
  kind: 'itself',
  handle: (call) => handle(call as Call<Op, Caller>),
  ...(checkBody === undefined ? {} : { checkBody }),
});
