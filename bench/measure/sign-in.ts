// What a sign-in costs beside the one thing it is meant to cost, argon2id; and how many requests of people who are
// signed in are answered while others sign in. The bare hash and the whole sign-in are measured in turns.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadResult } from '../load/closed-loop.ts';
import { type LoadGenerator, startLoadGenerator } from '../load/load-generator.ts';
import { postSpec, type RequestSpec } from '../load/request-spec.ts';
import { type SottoServer, startSotto } from '../process/sotto-server.ts';
import { waitFor } from '../process/waiting.ts';
import type { Workshop } from '../process/workshop.ts';
import { type Estimate, estimateRatio } from '../report/statistics.ts';

export interface SignInResult {
  /** Hashes a second and nothing else; sign-ins a second; one of each a round. */
  readonly rounds: readonly { readonly bare: number; readonly signIns: number }[];
  /** Sign-ins for each bare hash. */
  readonly share: Estimate;
  /** Requests a second that a session lets in, while sign-ins run as fast as they can. */
  readonly checksPerSecond: number;
  readonly signInsMeanwhile: number;
  readonly failed: number;
}

export interface SignInOptions {
  readonly rounds: number;
  readonly seconds: number;
}

const EMAIL = 'bench@example.com';
const PASSWORD = 'seven blue herons at dusk';
/** Enough that a hash is always waiting, few enough that none waits long. */
const SIGN_IN_CONNECTIONS = 8;
const CHECK_CONNECTIONS = 16;
const MAIL_LIMIT_MS = 30_000;
const MAIL_ASK_MS = 100;
/** One account from one address signs in all the time: what would stop a guesser must not stop the measure. */
const LIMITS = {
  limits: Object.fromEntries(
    ['sign_in.email', 'sign_in.address', 'sign_up.address'].map((name) => [
      name,
      { burst: 1_000_000, refill_seconds: 1 },
    ]),
  ),
};

export function measureSignIn(workshop: Workshop, options: SignInOptions): Promise<SignInResult> {
  return workshop.inFolder(async (folder) => {
    const limits = join(folder, 'abuse.json');
    await writeFile(limits, JSON.stringify(LIMITS));
    const sotto = await startSotto(workshop.children, {
      root: workshop.root,
      folder,
      settings: { SOTTO_ABUSE_FILE: limits },
    });
    const load = await startLoadGenerator(workshop.children);
    try {
      const token = await signUp(sotto);
      return await measure(workshop, sotto, load, token, options);
    } finally {
      await load.stop();
      await sotto.stop();
    }
  });
}

async function measure(
  workshop: Workshop,
  sotto: SottoServer,
  load: LoadGenerator,
  token: string,
  { rounds, seconds }: SignInOptions,
): Promise<SignInResult> {
  const durationMs = seconds * 1_000;
  const signIns = () =>
    load.ask({
      ...loopOf(sotto, durationMs),
      connections: SIGN_IN_CONNECTIONS,
      request: signInRequest(sotto),
    });
  const results: { bare: number; signIns: number }[] = [];
  let failed = 0;
  const rateOf = (result: LoadResult, status: number): number => {
    const answered = result.statuses[status] ?? 0;
    failed += result.messagesSent - answered;
    return (answered * 1_000) / (result.endedAtMs - result.startedAtMs);
  };
  // Code that has run and caches that are full, as in a server that has been up for a while.
  await load.ask({
    ...loopOf(sotto, 1_000),
    connections: SIGN_IN_CONNECTIONS,
    request: signInRequest(sotto),
  });
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0;
    const before = first ? await bareHashes(workshop, durationMs) : null;
    const rate = rateOf(await signIns(), 201);
    results.push({ bare: before ?? (await bareHashes(workshop, durationMs)), signIns: rate });
  }
  const other = await startLoadGenerator(workshop.children);
  try {
    const [checks, meanwhile] = await Promise.all([
      other.ask({
        ...loopOf(sotto, durationMs),
        connections: CHECK_CONNECTIONS,
        request: checkRequest(sotto, token),
      }),
      signIns(),
    ]);
    return {
      rounds: results,
      share: estimateRatio(results.map(({ bare, signIns: whole }) => whole / bare)),
      checksPerSecond: rateOf(checks, 200),
      signInsMeanwhile: rateOf(meanwhile, 201),
      failed,
    };
  } finally {
    await other.stop();
  }
}

async function bareHashes({ children }: Workshop, durationMs: number): Promise<number> {
  const bare = await children.fork(
    'bare hashes',
    fileURLToPath(import.meta.resolve('../process/argon2-process.ts')),
  );
  bare.process.send(durationMs);
  const [perSecond] = (await once(bare.process, 'message')) as [number];
  await bare.stop();
  return perSecond;
}

/** Opens the account as anybody would, with the mail of development; its session. */
async function signUp(sotto: SottoServer): Promise<string> {
  const { hash } = await call<{ hash: string }>(sotto, 'GET', '/v1/policy');
  await call(sotto, 'POST', '/v1/sign-ups', {
    email: EMAIL,
    password: PASSWORD,
    of_age: true,
    accepted_policy: hash,
  });
  const secret = await waitFor(
    async () => {
      const { data } = await sotto.admin<{ data: readonly { text: string }[] }>('GET', '/v1/simulator/mails');
      return /sotto_link_\w+/.exec(data[0]?.text ?? '')?.[0];
    },
    MAIL_LIMIT_MS,
    MAIL_ASK_MS,
  );
  if (secret === undefined) throw new Error('no mail came for the account of the bench');
  const { token } = await call<{ token: string }>(sotto, 'POST', '/v1/sign-ups/confirm', { token: secret });
  return token;
}

async function call<T>({ host, port }: SottoServer, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`http://${host}:${port}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
  return (await answer.json()) as T;
}

const loopOf = ({ host, port }: SottoServer, durationMs: number) => ({
  kind: 'closed' as const,
  host,
  port,
  durationMs,
  messagesMax: Number.MAX_SAFE_INTEGER,
  acceptedMark: null,
  firstIndex: 0,
});

const signInRequest = ({ host }: SottoServer): RequestSpec =>
  postSpec({
    path: '/v1/sessions',
    host,
    token: 'none',
    open: '',
    item: [JSON.stringify({ email: EMAIL, password: PASSWORD })],
    close: '',
    items: 1,
  });

/** What costs least beyond the check itself. */
const checkRequest = ({ host }: SottoServer, token: string): RequestSpec => ({
  before: `GET /v1/account HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  item: [''],
  separator: '',
  after: '',
  items: 1,
});
