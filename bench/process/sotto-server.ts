// Our server as a process of its own: a fresh data directory, durability on, every role in one process, and a
// connector to the SMSC set up through the API as an operator would.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child, Children } from './children.ts';
import { freePorts } from './free-ports.ts';
import { waitFor } from './waiting.ts';

export interface SottoOptions {
  /** Root of the repository. */
  readonly root: string;
  /** An own folder of this run; database and keys live in it. */
  readonly folder: string;
  /** Options of the runtime, for profiles. */
  readonly nodeOptions?: readonly string[];
  /** Settings beyond those of every run. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface SottoServer {
  readonly child: Child;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly apiKey: string;
  /** Calls the API as administrator; throws on anything but 2xx. */
  admin<T>(method: string, path: string, body?: object): Promise<T>;
  /** Asks it to end in order; true when it did in time. */
  stop(): Promise<boolean>;
}

interface Credentials {
  readonly base_url: string;
  readonly api_key: string;
  readonly admin_api_key: string;
  readonly workspace_id: string;
}

const HOST = '127.0.0.1';
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 40_000;
const DRAIN_MS = 10_000;
/** Both systems have this many submissions open at the SMSC. */
export const WINDOW = 100;
/** One segment costs EUR 0.0075. */
export const PRICE_MICROS = 7_500n;
const CREDIT_EUR = 10_000_000;

/** Starts the server and waits until it answers; no connector exists yet in a fresh folder. */
export async function startSotto(children: Children, options: SottoOptions): Promise<SottoServer> {
  const dataDir = dataDirIn(options.folder);
  const [port] = await freePorts(1);
  const child = await children.spawn(
    'Sotto',
    process.execPath,
    [...(options.nodeOptions ?? []), commandOf(options.root), 'start'],
    {
      cwd: options.folder,
      env: {
        ...withoutSettings(process.env),
        ...placesIn(options.folder),
        SOTTO_HOST: HOST,
        SOTTO_PORT: String(port),
        SOTTO_SIMULATOR: 'false',
        // One hand puts in all the credit a run needs.
        SOTTO_CREDIT_ALONE_MAX: String(CREDIT_EUR),
        SOTTO_LOG_LEVEL: 'warn',
        SOTTO_DRAIN_TIMEOUT_MS: String(DRAIN_MS),
        ...options.settings,
      },
    },
  );
  const credentials = await readyCredentials(child, join(dataDir, 'dev-credentials.json'), port!);
  return {
    child,
    dataDir,
    host: HOST,
    port: port!,
    apiKey: credentials.api_key,
    admin: (method, path, body) => call(credentials, method, path, body),
    stop: () => child.stop(STOP_LIMIT_MS),
  };
}

/** The workspace of the demo, as callers name it. */
export const workspaceIdOf = ({ dataDir }: Pick<SottoServer, 'dataDir'>): string =>
  readCredentials(join(dataDir, 'dev-credentials.json'))!.workspace_id;

/** Credit, a price, a connector and a route; resolves with the connector's id. */
export async function connectSotto(
  sotto: SottoServer,
  smscPort: number,
  connector: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const workspaceId = workspaceIdOf(sotto);
  await sotto.admin('POST', `/v1/admin/workspaces/${workspaceId}/credit`, {
    amount: { amount: `${CREDIT_EUR}.00`, currency: 'EUR' },
    reason: 'benchmark',
  });
  await sotto.admin('POST', '/v1/admin/prices', { prefix: '', price: { amount: '0.0075', currency: 'EUR' } });
  const { id } = await sotto.admin<{ id: string }>('POST', '/v1/admin/carriers', {
    name: 'bench',
    host: '127.0.0.1',
    port: smscPort,
    system_id: 'sotto',
    password: 'bench',
    window_size: WINDOW,
    otp_window_reserve: WINDOW / 10,
    upstream_retention_days: 0,
    ...connector,
  });
  await sotto.admin('POST', '/v1/admin/routes', { prefix: '', connector_id: id, sender: 'BENCH' });
  return id;
}

/** Ready is what scripts rely on: the listener answers, and the credentials are in their file. */
async function readyCredentials(child: Child, file: string, port: number): Promise<Credentials> {
  const found = await waitFor(
    async () => {
      if (child.process.exitCode !== null || child.process.signalCode !== null) return null;
      const answers = await fetch(`http://${HOST}:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
      const credentials = answers ? readCredentials(file) : undefined;
      // The file of an earlier start in this folder names another port.
      return credentials?.base_url.endsWith(`:${port}`) ? credentials : undefined;
    },
    START_LIMIT_MS,
    50,
  );
  if (found) return found;
  throw new Error(`Sotto did not start. ${child.complaint()}`);
}

function readCredentials(file: string): Credentials | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Credentials) : undefined;
}

async function call<T>(credentials: Credentials, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(credentials.base_url + path, {
    method,
    headers: {
      authorization: `Bearer ${credentials.admin_api_key}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The command line of this checkout. */
export const commandOf = (root: string): string => join(root, 'server', 'src', 'main', 'cli.mjs');

/** Where a run's database lies. */
export const dataDirIn = (folder: string): string => join(folder, 'data');

/** Where a run's keys lie. */
export const keysDirIn = (folder: string): string => join(folder, 'keys');

/** The settings that keep everything of a run in its folder. */
export const placesIn = (folder: string): Readonly<Record<string, string>> => ({
  SOTTO_DATA_DIR: dataDirIn(folder),
  SOTTO_KEYS_DIR: keysDirIn(folder),
  SOTTO_MASTER_KEY_FILE: join(folder, 'master-key'),
});

/** Settings of the caller's shell must not reach the server that is measured. */
export function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SOTTO_')));
}
