// The HTTP server: Fastify carries sockets and routing; what a request must pass before a handler sees it is here,
// in one place and one order: size, limit, caller, scope, form, Idempotency-Key.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  check,
  decodeId,
  encodeId,
  headers,
  mediaTypeOf,
  type Operation,
  problemMediaType,
  type Scope,
  takesIdempotencyKey,
} from '@sotto/contract';
import { emptyBody } from '@sotto/contract/bodies';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { type Authentication, type Authenticator, judgeCookieRequest, type Principal } from '#accounts';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { id, type Log, word } from '#platform/log';
import { counter, histogram } from '#platform/metrics';
import { type RequestMacs, type Route, Shaped, type SignedBody } from '#platform/route';
import type { Keyring } from '#privacy';
import { answerBrokenRequest } from './broken-request.ts';
import { InvalidRequest, toProblem } from './errors.ts';
import { cardNumberIn } from './free-text.ts';
import { ADMIN_SCOPE, isRemembered, requestMacs, runWithKey } from './idempotency.ts';
import { limitedNetwork, RateLimiter, type RateLimits, type Verdict } from './rate-limit.ts';
import { API_HEADERS, HSTS } from './security-headers.ts';
import { FORGET_COOKIE, FORGET_DATA, readSessionCookie, setSessionCookie } from './session-cookie.ts';
import { parseStrictJson } from './strict-json.ts';

export interface HttpOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly log: Log;
  readonly authenticator: Authenticator;
  readonly routes: readonly Route[];
  /** Whether a feature of the policy is on here; operations of one that is off answer `feature_off`. */
  readonly isOn?: (feature: string) => boolean;
  /** Proxies whose forwarded headers count; others' are ignored. */
  readonly trustedProxies: readonly string[];
  /** Own certificate; without it the listener speaks plain HTTP to loopback or a proxy. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  /** Production: a request that reached us without TLS is refused, not redirected (ASVS V4.1.2). */
  readonly requireHttps: boolean;
  readonly bodyLimitBytes: number;
  readonly limits?: RateLimits;
  /** Sessions of browsers in a cookie; null where the policy lists no such cookie: then none is set or read. */
  readonly sessionCookie?: SessionCookieOptions | null;
  readonly timeouts?: Partial<HttpTimeouts>;
  /** Told of every request of a caller who was let in, after it was answered. May neither throw nor wait. */
  readonly onUsed?: (use: EdgeUse) => void;
}

export interface SessionCookieOptions {
  readonly maxAgeSeconds: number;
  /** Where our own pages are, spelt as `new URL(...).origin` does. */
  readonly origin: () => string;
  /** Ends the session of a token that another one takes the place of; its id, if there was one. */
  readonly end: (tx: Tx, token: string) => Promise<string | undefined>;
}

/** What was used, and by whom as far as the edge knows; nothing of it is kept here. */
export interface EdgeUse {
  /** Id of the operation. */
  readonly feature: string;
  /** Template of its path. */
  readonly page: string;
  readonly userAgent: string | undefined;
  /** Workspace or key of the caller; of one who needs neither, the network address. */
  readonly subject: string;
  /** The request carries Sec-GPC: 1. */
  readonly optsOutOfSale: boolean;
}

/** Longest a client may take to send a request or its head, or be silent after one: slow ones hold no sockets. */
export interface HttpTimeouts {
  readonly requestMs: number;
  readonly headersMs: number;
  readonly idleMs: number;
}

export interface HttpServer {
  readonly fastify: FastifyInstance;
  listen(host: string, port: number): Promise<string>;
  /** Stops accepting, finishes what was begun. */
  close(): Promise<void>;
}

const LIMITS: RateLimits = { perKey: 20_000, failuresPerMinute: 60 };
const TIMEOUTS: HttpTimeouts = { requestMs: 60_000, headersMs: 15_000, idleMs: 75_000 };
const URL_LENGTH_MAX = 2_048;

const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

const requests = counter({
  name: 'sotto_http_requests_total',
  help: 'Requests answered, by operation and status class',
  labels: { status: STATUS_CLASSES },
});
const durations = histogram({
  name: 'sotto_http_request_seconds',
  help: 'From the request line to the answer',
});

declare module 'fastify' {
  interface FastifyRequest {
    requestId: string;
    startedMs: number;
    limit: Verdict | null;
    /** What is used and by whom, once the caller was let in. */
    use: { readonly operation: Operation; readonly subject: string } | null;
  }
}

export function createHttpServer(options: HttpOptions): HttpServer {
  const edge = new Edge(options);
  const begin = (request: FastifyRequest, reply: FastifyReply) => {
    request.requestId = encodeId('req', newId());
    request.startedMs = performance.now();
    edge.decorate(request, reply);
  };
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const app = fastify({
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.idleMs,
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) =>
      answerBrokenRequest(error, socket, options.tls !== undefined),
    // Raised before any hook has run: an address that cannot be decoded.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      begin(request, reply);
      edge.fail(error, request, reply);
    },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false, caseSensitive: true },
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    ...(options.tls
      ? { https: { cert: options.tls.cert, key: options.tls.key, ...checkEvery(timeouts) } }
      : { http: checkEvery(timeouts) }),
  } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance;
  app.server.headersTimeout = timeouts.headersMs;

  app.decorateRequest('requestId', '');
  app.decorateRequest('startedMs', 0);
  app.decorateRequest('limit', null);
  app.decorateRequest('use', null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', (request, reply, done) => {
    begin(request, reply);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    requests.add(1, { status: `${Math.floor(reply.statusCode / 100)}xx` as '2xx' });
    durations.observe((performance.now() - request.startedMs) / 1000);
    if (request.use !== null) {
      const { operation, subject } = request.use;
      const userAgent = request.headers['user-agent'];
      options.onUsed?.({
        feature: operation.id,
        page: operation.path,
        userAgent,
        subject,
        optsOutOfSale: optsOutOfSale(request),
      });
    }
    done();
  });
  app.setErrorHandler((error, request, reply) => edge.fail(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    if (request.raw.url !== undefined && request.raw.url.length > URL_LENGTH_MAX)
      throw new AppError('not_found');
    const allowed = allowedMethods(options.routes, request.raw.url ?? '/');
    if (allowed.length === 0) throw new AppError('not_found');
    reply.header('allow', allowed.join(', '));
    throw new AppError('method_not_allowed');
  });
  for (const route of options.routes) mount(app, edge, route);

  return {
    fastify: app,
    listen: (host, port) => app.listen({ host, port, backlog: 1024 }),
    close: () => app.close(),
  };
}

/** Node looks for slow clients in intervals, by default longer than the head may take. */
const checkEvery = (timeouts: HttpTimeouts) => ({
  connectionsCheckingInterval: Math.max(10, Math.floor(timeouts.headersMs / 3)),
});

function mount(app: FastifyInstance, edge: Edge, route: Route): void {
  const { operation } = route;
  app.route({
    method: operation.method,
    url: operation.path.replace(/\{([a-z_]+)\}/g, ':$1'),
    ...(operation.bodyBytesMax === undefined
      ? operation.request.body
        ? { bodyLimit: 65_536 }
        : {}
      : { bodyLimit: operation.bodyBytesMax }),
    handler: (request, reply) => edge.answer(route, request, reply),
  });
}

/** No policy may hold a card number, so none is let in where people write what they like. */
const noCardIn = (field: string): InvalidRequest =>
  new InvalidRequest([
    {
      field,
      code: 'invalid_request',
      message: `\`${field}\` must not hold a card number, which is never stored here: leave it out.`,
    },
  ]);

/** Methods that exist for a path, for 405 and its Allow header. */
function allowedMethods(routes: readonly Route[], url: string): string[] {
  const path = url.split('?', 1)[0]!;
  return routes
    .filter(({ operation }) => new RegExp(`^${operation.path.replace(/\{[a-z_]+\}/g, '[^/]+')}$`).test(path))
    .map(({ operation }) => operation.method);
}

/** What every request passes. One instance a server. */
class Edge {
  readonly #options: HttpOptions;
  readonly #keys: RateLimiter;
  readonly #failures: RateLimiter;

  constructor(options: HttpOptions) {
    this.#options = options;
    const limits = options.limits ?? LIMITS;
    this.#keys = new RateLimiter(limits.perKey, limits.perKey * 2);
    this.#failures = new RateLimiter(limits.failuresPerMinute / 60, limits.failuresPerMinute);
  }

  decorate(request: FastifyRequest, reply: FastifyReply): void {
    reply.headers(API_HEADERS as Record<string, string>);
    reply.header(headers.requestId, request.requestId);
    if (this.#isHttps(request)) reply.header('strict-transport-security', HSTS);
  }

  #isHttps(request: FastifyRequest): boolean {
    return this.#options.tls !== undefined || request.protocol === 'https';
  }

  async answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!opensSomething(route.operation)) return this.#answer(route, request, reply);
    // Secrets are presented here without a caller: failures cost the address, as they do with a wrong key.
    this.#demandHttps(request);
    const network = limitedNetwork(request.ip);
    this.#demandFewFailures(network, reply);
    try {
      return await this.#answer(route, request, reply);
    } catch (error) {
      if (error instanceof AppError && FAILED.has(error.code)) {
        this.#limitHeaders(reply, this.#failures.take(network));
        this.#options.log.info('http.refused', { code: word(error.code) });
      }
      throw error;
    }
  }

  async #answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { operation } = route;
    const caller =
      operation.scope === null ? null : await this.#admit(route, operation.scope, request, reply);
    request.use = { operation, subject: caller?.workspaceId ?? caller?.keyId ?? request.ip };
    if (operation.feature !== undefined && this.#options.isOn?.(operation.feature) === false) {
      throw new AppError('feature_off');
    }
    const intoCookie = this.#goesIntoCookie(operation, request);
    const params = this.#checked(operation.request.params, request.params);
    const query = this.#query(operation, request);
    const { body, raw } = this.#body(route, request);
    const idempotency = this.#macs(operation, request, raw);
    const call = {
      caller,
      params,
      query,
      body,
      requestId: request.requestId,
      address: request.ip,
      optsOutOfSale: optsOutOfSale(request),
      idempotency,
      signed: signedBody(operation, request, raw),
    } as never;

    let replaced: string | undefined;
    const handle = async (tx: Tx, prepared: unknown) => {
      const answer = await route.handle(call, tx, prepared);
      if (intoCookie) replaced = await this.#endReplaced(tx, request);
      return answer;
    };
    const committed = async () => {
      if (replaced !== undefined) this.#options.authenticator.forget(replaced);
      await this.#committed(route);
    };
    const send = (answer: unknown) =>
      this.#sendSteadily(route, request, reply, this.#withCookie(operation, reply, answer, intoCookie));

    if (route.kind === 'itself' || (route.kind === 'reads' && idempotency === null)) {
      return this.#send(reply, operation, await route.handle(call, null));
    }
    if (idempotency === null) {
      const prepared = await route.prepare?.(call);
      const answer = await this.#options.db.batch((tx) => handle(tx, prepared));
      await committed();
      return send(answer);
    }
    const { db, keyring } = this.#options;
    const scope = scopeOf(caller);
    let fresh: unknown;
    // What reads has transactions of its own: it is done before the one that keeps its answer is begun, or requests
    // that each hold a connection and want another would wait for each other.
    const isAhead = route.kind === 'reads' || route.prepare !== undefined;
    const known = isAhead && (await isRemembered(db, scope, idempotency));
    if (route.kind === 'reads' && !known) fresh = await route.handle(call, null);
    const prepared = known ? undefined : await route.prepare?.(call);
    const result = await runWithKey(db, keyring, scope, idempotency, async (tx) => {
      if (known) throw new AppError('idempotency_undecided', { retryable: true, retryAfterSeconds: 1 });
      if (route.kind === 'transaction') fresh = await handle(tx, prepared);
      const kept = route.kept ? route.kept(fresh) : fresh;
      return { status: successOf(operation), answer: Buffer.from(JSON.stringify(kept ?? null)) };
    });
    if (!result.replayed) await committed();
    return send(result.replayed ? JSON.parse(result.body.toString()) : fresh);
  }

  async #sendSteadily(
    { operation, steadyMs }: Route,
    request: FastifyRequest,
    reply: FastifyReply,
    answer: unknown,
  ) {
    if (steadyMs !== undefined) {
      const leftMs = request.startedMs + steadyMs - performance.now();
      if (leftMs > 0) await new Promise((done) => setTimeout(done, leftMs));
    }
    return this.#send(reply, operation, answer);
  }

  async #committed(route: Route): Promise<void> {
    // What was changed is on disk and stays: a failure here may delay it in this process, it may not deny it.
    await route
      .committed?.()
      .catch((error: unknown) => this.#options.log.warn('http.not_taken_up', { error }));
  }

  /** Who is calling and whether the operation is theirs. Failures cost the address, successes the key. */
  async #admit(
    route: Route,
    scope: Scope,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Principal | null> {
    this.#demandHttps(request);
    const network = limitedNetwork(request.ip);
    this.#demandFewFailures(network, reply);
    const cookie = this.#cookieOf(request);
    if (cookie !== null) this.#demandOwnOrigin(request);
    const token = cookie ?? bearerOf(request);
    if (token !== null && route.token !== undefined && isSame(token, route.token)) return null;
    const result =
      token === null
        ? { outcome: 'refused' as const, code: 'unauthorized' as const, keyId: null }
        : await this.#options.authenticator.authenticate(token, request.ip, {
            scope,
            workspaceId: workspaceNamed(request),
          });
    if (result.outcome === 'refused' && REFUSED_SIGNED_IN.has(result.code)) {
      this.#log(result);
      throw new AppError(result.code, result.code === 'scope_missing' ? needs(scope) : {});
    }
    if (result.outcome === 'refused') {
      this.#limitHeaders(reply, this.#failures.take(network));
      this.#log(result);
      if (result.code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
      throw new AppError(result.code);
    }
    const { principal } = result;
    const verdict = this.#keys.take(principal.keyId, 1, principal.requestsPerSecond ?? Infinity);
    this.#limitHeaders(reply, verdict);
    if (!verdict.allowed) throw limited(verdict);
    if (!principal.scopes.has(scope)) throw new AppError('scope_missing', needs(scope));
    return principal;
  }

  /** The session in the cookie of a browser; a token in a header goes before it, whatever it is. */
  #cookieOf(request: FastifyRequest): string | null {
    if (!this.#options.sessionCookie || request.headers.authorization !== undefined) return null;
    return readSessionCookie(request.headers.cookie);
  }

  /** Refuses what another site's page made a browser send. Says and logs nothing of where it came from. */
  #demandOwnOrigin(request: FastifyRequest): void {
    const decision = judgeCookieRequest(
      {
        method: request.method,
        origin: request.headers.origin,
        secFetchSite: single(request.headers['sec-fetch-site']),
        contentType: request.headers['content-type'],
        hasOwnHeader: OWN_HEADERS.some((name) => request.headers[name] !== undefined),
      },
      this.#options.sessionCookie!.origin(),
    );
    if (decision === 'allowed') return;
    this.#options.log.info('http.refused', { code: word('origin_refused'), reason: word(decision) });
    throw new AppError('origin_refused');
  }

  /** Whether the session that is opened goes into a cookie: that was asked for, or the one that asks is in one. */
  #goesIntoCookie(operation: Operation, request: FastifyRequest): boolean {
    if (!operation.opensSession) return false;
    const asked = request.headers[headers.session.toLowerCase()];
    if (asked === undefined) return operation.scope !== null && this.#cookieOf(request) !== null;
    if (asked !== 'cookie') {
      throw new AppError('invalid_request', { detail: `${headers.session} is "cookie" or left out.` });
    }
    if (!this.#options.sessionCookie) throw new AppError('feature_off');
    this.#demandOwnOrigin(request);
    return true;
  }

  /** A browser that signs in leaves its former session, whoever's it was (ASVS 5.0.0 V7.2.4). */
  async #endReplaced(tx: Tx, request: FastifyRequest): Promise<string | undefined> {
    const former = readSessionCookie(request.headers.cookie);
    return former === null ? undefined : this.#options.sessionCookie!.end(tx, former);
  }

  /** Moves the token of an answer into a cookie, and forgets the cookie with the session. */
  #withCookie(operation: Operation, reply: FastifyReply, answer: unknown, intoCookie: boolean): unknown {
    if (operation.endsSession) {
      reply.header('clear-site-data', FORGET_DATA);
      if (this.#options.sessionCookie) reply.header('set-cookie', FORGET_COOKIE);
    }
    if (!intoCookie) return answer;
    const opened = answer as { token: string | null; created_at: string; expires_at: string };
    const { token } = opened;
    // A repeated answer holds no secret: whoever lost the first one signs in again.
    if (token === null) return opened;
    const { maxAgeSeconds } = this.#options.sessionCookie!;
    reply.header('set-cookie', setSessionCookie({ ...opened, token }, maxAgeSeconds));
    return { ...opened, token: null };
  }

  #demandHttps(request: FastifyRequest): void {
    if (this.#options.requireHttps && !this.#isHttps(request)) throw new AppError('https_required');
  }

  #demandFewFailures(network: string, reply: FastifyReply): void {
    if (this.#failures.has(network)) return;
    const verdict = this.#failures.take(network);
    this.#limitHeaders(reply, verdict);
    throw limited(verdict);
  }

  #log({ code, keyId }: Extract<Authentication, { outcome: 'refused' }>): void {
    this.#options.log.info('http.refused', {
      code: word(code),
      ...(keyId === null ? {} : { keyId: id(keyId) }),
    });
  }

  #limitHeaders(reply: FastifyReply, verdict: Verdict): void {
    reply.header(headers.rateLimit, verdict.limit);
    reply.header(headers.rateRemaining, Math.max(0, verdict.remaining));
    reply.header(headers.rateReset, verdict.resetSeconds);
  }

  #checked(schema: Operation['request']['params'], value: unknown): unknown {
    if (!schema) return {};
    const result = check(schema, value);
    // An id of another form names nothing: the same answer as for an id that does not exist.
    if (!result.ok) throw new AppError('not_found');
    return result.value;
  }

  #query(operation: Operation, request: FastifyRequest): unknown {
    const given = request.query as Record<string, unknown>;
    for (const [name, value] of Object.entries(given)) {
      if (Array.isArray(value)) throw new AppError('duplicate_field', { field: name.slice(0, 100) });
    }
    if (!operation.request.query) {
      const [unknown] = Object.keys(given);
      if (unknown !== undefined) throw new AppError('unknown_field', { field: unknown.slice(0, 100) });
      return {};
    }
    const result = check(operation.request.query, { ...given });
    if (!result.ok) throw new InvalidRequest(result.faults);
    return result.value;
  }

  #body(route: Route, request: FastifyRequest): { body: unknown; raw: Buffer } {
    const raw = Buffer.isBuffer(request.body) ? request.body : NO_BODY;
    const declared = route.operation.request.body;
    if (route.operation.signed || (!declared && raw.length === 0)) return { body: undefined, raw };
    const schema = declared ?? emptyBody;
    if (raw.length === 0) throw new AppError('invalid_json', { detail: 'A body is required.' });
    const parsed = parseStrictJson(raw);
    if (!parsed.ok) throw new AppError(parsed.code, parsed.field === null ? {} : { field: parsed.field });
    const result = route.checkBody ? route.checkBody(parsed.value) : check(schema, parsed.value);
    if (!result.ok) throw new InvalidRequest(result.faults);
    const field = cardNumberIn(route.operation, result.value);
    if (field !== null) throw noCardIn(field);
    return { body: result.value, raw };
  }

  #macs(operation: Operation, request: FastifyRequest, raw: Buffer): RequestMacs | null {
    const key = request.headers['idempotency-key'];
    if (key === undefined || !takesIdempotencyKey(operation)) return null;
    if (typeof key !== 'string') throw new AppError('invalid_idempotency_key');
    return requestMacs(this.#options.keyring, operation.id, key, request.url, raw);
  }

  #send(reply: FastifyReply, operation: Operation, given: unknown): FastifyReply {
    const shaped = given instanceof Shaped ? given : null;
    const answer = shaped ? shaped.body : given;
    const status = shaped?.status ?? successOf(operation);
    reply.code(status);
    if (status === 204) return reply.send();
    const media = mediaTypeOf(operation.responses[status]!) ?? 'application/json';
    reply.type(`${media}; charset=utf-8`);
    if (shaped) reply.headers(shaped.headers);
    // Octets are an answer written once for all who ask.
    const written = media !== 'application/json' || Buffer.isBuffer(answer);
    return reply.send(written ? answer : JSON.stringify(answer));
  }

  fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { problem, unexpected } = toProblem(error, request.requestId);
    if (unexpected) this.#options.log.error('http.failed', { requestId: id(request.requestId), error });
    if (problem.retry_after_seconds !== undefined)
      reply.header(headers.retryAfter, problem.retry_after_seconds);
    return reply.code(problem.status).type(problemMediaType).send(JSON.stringify(problem));
  }
}

/** Pages of other origins send these only after a preflight, which nobody answers here. */
const OWN_HEADERS = [headers.idempotencyKey, headers.workspace, headers.session].map((name) =>
  name.toLowerCase(),
);

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

const NO_BODY = Buffer.alloc(0);

/** The octets a signature covers, with the headers the operation names and no others. */
function signedBody({ signed }: Operation, request: FastifyRequest, octets: Buffer): SignedBody | null {
  if (!signed) return null;
  const headers = signed.headers.map((name) => {
    const value = request.headers[name];
    return [name, typeof value === 'string' ? value : undefined] as const;
  });
  return { octets, headers: Object.fromEntries(headers) };
}

const successOf = (operation: Operation): number => Number(Object.keys(operation.responses)[0]);

/** Whose keys of requests these are: the workspace's, those of who is signed in, or the platform's. */
const scopeOf = (caller: Principal | null): string =>
  caller?.workspaceId ?? (caller?.kind === 'person' ? caller.personId : ADMIN_SCOPE);

/** Public operations that take something from a caller: signing in and opening accounts. */
const opensSomething = ({ scope, method }: Operation): boolean => scope === null && method !== 'GET';

/** Refusals that a guess gets. */
const FAILED: ReadonlySet<string> = new Set([
  'credentials_wrong',
  'link_invalid',
  'challenge_failed',
  'notice_refused',
]);

/** Said to who is signed in: no guess at a secret, so it costs the address nothing. */
const REFUSED_SIGNED_IN: ReadonlySet<string> = new Set([
  'second_factor_required',
  'reauthentication_required',
  'scope_missing',
  'not_found',
]);

const needs = (scope: Scope) => ({ detail: `It needs ${scope}.` });

/** The workspace somebody who is signed in acts in; a header of another form names none that exists. */
function workspaceNamed(request: FastifyRequest): string | null {
  const named = request.headers[headers.workspace.toLowerCase()];
  if (named === undefined) return null;
  return typeof named === 'string' ? (decodeId('wrk', named) ?? named) : '';
}

const limited = (verdict: Verdict) =>
  new AppError('rate_limited', { retryable: true, retryAfterSeconds: Math.max(1, verdict.resetSeconds) });

/** Compares hashes of equal length, so that time tells nothing about the token (ASVS 5.0.0 V11.2.4). */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(sha256(given), sha256(expected));
const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Global Privacy Control. */
const optsOutOfSale = (request: FastifyRequest): boolean => request.headers['sec-gpc'] === '1';

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i;

function bearerOf(request: FastifyRequest): string | null {
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
