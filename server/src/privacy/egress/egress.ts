// The only door for outbound HTTP. A call names a declared recipient, goes to one of its hosts with the fields
// it declares, over TLS, to a public address, without redirects, within limits of time and size, and is counted.
import type { Agent } from 'undici';
import { openConnections, type Resolve, systemResolve } from './connections.ts';
import { type Body, encodeBody, refuseUndeclaredPayload } from './payload.ts';
import {
  type Destination,
  destinationOf,
  EgressRefusal,
  type Recipient,
  type Recipients,
} from './recipients.ts';

export type { Body } from './payload.ts';
export { type DeclaredHost, EgressRefusal, type Recipient, type Recipients } from './recipients.ts';

export interface EgressRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Ends the call early; the recipient's time limit holds as well. */
  readonly signal?: AbortSignal;
}

/** What came of a call. A redirect is an answer like any other: nobody follows it. */
export type EgressOutcome =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: Buffer;
    }
  | {
      readonly outcome: 'failed';
      readonly reason: 'unreachable' | 'tls' | 'timeout' | 'aborted' | 'broken' | 'response_too_large';
      /** False only where it is certain that the recipient did not see the request. */
      readonly mayHaveArrived: boolean;
    };

export interface RecipientCounts {
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
  readonly bytesSent: number;
}

export interface Egress {
  /**
   * Makes one attempt. Throws `EgressRefusal` for a call that may not be made; everything that happens to one
   * that may is an outcome. Never retries: whether a request may be repeated is the caller's to know.
   */
  send(recipient: string, request: EgressRequest): Promise<EgressOutcome>;
  /** Calls by recipient since start. Refusals of undeclared recipients are counted under `undeclared`. */
  counts(): ReadonlyMap<string, RecipientCounts>;
  close(): Promise<void>;
}

export interface EgressOptions {
  /** Lets recipients that declare it be called on this machine over http. */
  readonly development?: boolean;
  readonly resolve?: Resolve;
  readonly ca?: string;
}

const TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
const RESPONSE_BYTES_MAX = 64 * 1024;
const REQUEST_BYTES_MAX = 1024 * 1024;
const USER_AGENT = 'Sotto';

/** Opens the door for these recipients and no others. */
export function createEgress(recipients: Recipients, options: EgressOptions = {}): Egress {
  const { development = false, resolve = systemResolve, ca } = options;
  const pool = (loopback: boolean) =>
    openConnections({ resolve, loopback, connectTimeoutMs: CONNECT_TIMEOUT_MS, ca });
  const pools = { open: pool(false), loopback: pool(true) };
  const counts = new Map<string, RecipientCounts>();

  function count(name: string, what: 'answered' | 'failed' | 'refused', bytes = 0): void {
    const before = counts.get(name) ?? { answered: 0, failed: 0, refused: 0, bytesSent: 0 };
    counts.set(name, { ...before, [what]: before[what] + 1, bytesSent: before.bytesSent + bytes });
  }

  return {
    async send(name, request) {
      const recipient = Object.hasOwn(recipients, name) ? recipients[name] : undefined;
      if (!recipient) {
        count('undeclared', 'refused');
        throw new EgressRefusal('E-REC-UNDECLARED', 'the recipient is not declared');
      }
      let bytes = 0;
      try {
        const destination = destinationOf(name, recipient, request.url, development);
        refuseUndeclaredPayload(name, recipient, destination.url, request.headers ?? {}, request.body);
        const body = request.body && encodeBody(request.body);
        bytes = body?.bytes.length ?? 0;
        if (bytes > REQUEST_BYTES_MAX) {
          throw new EgressRefusal('request_too_large', `${name}: more than ${REQUEST_BYTES_MAX} bytes`);
        }
        const agent = destination.loopback ? pools.loopback : pools.open;
        const outcome = await attempt(agent, destination, recipient, request, body);
        count(name, outcome.outcome, bytes);
        return outcome;
      } catch (error) {
        count(name, error instanceof EgressRefusal ? 'refused' : 'failed');
        throw error;
      }
    },
    counts: () => new Map(counts),
    async close() {
      await Promise.all([pools.open.destroy(), pools.loopback.destroy()]);
    },
  };
}

async function attempt(
  agent: Agent,
  { url }: Destination,
  recipient: Recipient,
  request: EgressRequest,
  body: ReturnType<typeof encodeBody> | undefined,
): Promise<EgressOutcome> {
  const deadline = AbortSignal.timeout(recipient.timeoutMs ?? TIMEOUT_MS);
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
  const bytesMax = recipient.responseBytesMax ?? RESPONSE_BYTES_MAX;
  try {
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: {
        'user-agent': USER_AGENT,
        ...(body ? { 'content-type': body.type } : {}),
        ...lowerCased(request.headers ?? {}),
      },
      body: body?.bytes ?? null,
      signal,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) return { outcome: 'failed', reason: 'response_too_large', mayHaveArrived: true };
      chunks.push(chunk);
    }
    return {
      outcome: 'answered',
      status: response.statusCode,
      headers: response.headers,
      body: Buffer.concat(chunks),
    };
  } catch (error) {
    if (error instanceof EgressRefusal) throw error;
    if (deadline.aborted) return { outcome: 'failed', reason: 'timeout', mayHaveArrived: true };
    if (request.signal?.aborted) return { outcome: 'failed', reason: 'aborted', mayHaveArrived: true };
    return failureOf(error);
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The name could not be resolved, or no connection came about. */
const UNREACHABLE = new Set(['EAI_AGAIN', 'ENODATA', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);
/** The certificate was refused before a byte of the request was written. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

function failureOf(error: unknown): EgressOutcome {
  const { code = '', syscall } = error as { code?: string; syscall?: string };
  if (UNREACHABLE.has(code) || syscall === 'connect') {
    return { outcome: 'failed', reason: 'unreachable', mayHaveArrived: false };
  }
  if (/^ERR_(SSL|TLS)_/.test(code) || CERTIFICATE.test(code)) {
    // TLS 1.3 servers may refuse the client after its first bytes, so only our own refusal is certain.
    return { outcome: 'failed', reason: 'tls', mayHaveArrived: !CERTIFICATE.test(code) };
  }
  return { outcome: 'failed', reason: 'broken', mayHaveArrived: true };
}
