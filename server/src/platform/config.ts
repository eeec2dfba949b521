// The one place that reads the environment. Everything wrong is reported at once, each fault with the variable,
// what is wrong with it, and the way out; found texts are never repeated, for they may be secrets.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { contradictions, type Fault, productionFaults } from './config/refusals.ts';
import type { Setting } from './config/setting.ts';
import { type ProcessRole, settings } from './config/settings.ts';
import { Refusal } from './errors.ts';

export { Secret } from './config/secret.ts';
export { type ProcessRole, ROLES } from './config/settings.ts';
export { settingsTable } from './config/table.ts';

type Settings = typeof settings;
type Value<S> = S extends Setting<infer T> & { readonly fallback: infer Fallback } ? T | Fallback : never;
type Read = { readonly [K in keyof Settings]: Value<Settings[K]> };

/** The settings in force. Folders are absolute; defaults that depend on the mode are filled in. */
export type Config = Omit<
  Read,
  'simulator' | 'seed' | 'masterKeyFile' | 'erasureLog' | 'publicUrl' | 'logLevel'
> & {
  readonly production: boolean;
  /** Origin without a trailing slash; undefined means the listener's own address, known once it listens. */
  readonly publicUrl: string | undefined;
  readonly masterKeyFile: string;
  readonly erasureLog: string;
  readonly simulator: boolean;
  readonly seed: boolean;
  readonly logLevel: NonNullable<Read['logLevel']>;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the command line go before the environment's. */
export interface Overrides {
  /** `--role api,worker` */
  readonly role?: string;
}

/** A secret file larger than this is not a secret. */
const SECRET_FILE_BYTES_MAX = 65_536;

/** Reads and checks every setting. Throws one Refusal that lists all faults. Reads files, writes nothing. */
export function readConfig(env: Environment = process.env, overrides: Overrides = {}): Config {
  const faults: Fault[] = unknownVariables(env);
  const read = readAll(overrides.role === undefined ? env : { ...env, SOTTO_ROLE: overrides.role }, faults);
  if (faults.length === 0) {
    faults.push(...contradictions(read));
    if (read.mode === 'production') faults.push(...productionFaults(read));
  }
  if (faults.length > 0) {
    throw new Refusal(
      faults.map(({ sentence }) => sentence).join('\n'),
      faults.map(({ variable, wayOut }) => `${variable}: ${wayOut}`),
    );
  }
  const development = read.mode === 'development';
  const keysDir = resolve(read.keysDir);
  return {
    ...read,
    production: !development,
    simulator: read.simulator ?? development,
    seed: read.seed ?? development,
    // A person at a terminal reads the greeting, not what went as it should.
    logLevel: read.logLevel ?? (development ? 'warn' : 'info'),
    dataDir: resolve(read.dataDir),
    keysDir,
    masterKeyFile: resolve(read.masterKeyFile ?? join(dirname(keysDir), '.sotto-master-key')),
    erasureLog: resolve(read.erasureLog ?? `${keysDir}.erasures`),
  };
}

function readAll(env: Environment, faults: Fault[]): Read {
  const read: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings) as [
    string,
    Setting<unknown> & { fallback: unknown },
  ][]) {
    const text = textOf(setting, env, faults);
    if (text === undefined) {
      read[key] = setting.fallback;
      continue;
    }
    const result = setting.read.safeParse(text);
    if (result.success) read[key] = result.data;
    else {
      const what = result.error.issues[0]?.message ?? 'is not valid';
      faults.push({
        variable: setting.variable,
        sentence: `${setting.variable} ${what}.`,
        wayOut: wayOutOf(setting, text),
      });
    }
  }
  return read as unknown as Read;
}

/** Kubernetes puts `SOTTO_PORT=tcp://...` into pods beside a service named sotto. */
const wayOutOf = (setting: Setting<unknown>, text: string) =>
  setting.variable === 'SOTTO_PORT' && text.startsWith('tcp://')
    ? 'Kubernetes sets it for a service named sotto; set enableServiceLinks: false in the pod'
    : `correct or unset ${setting.variable} (default: ${setting.shownDefault.replaceAll('`', '')})`;

function textOf(setting: Setting<unknown>, env: Environment, faults: Fault[]): string | undefined {
  const direct = env[setting.variable]?.trim() || undefined;
  const fileVariable = `${setting.variable}_FILE`;
  const file = setting.secret ? env[fileVariable]?.trim() || undefined : undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) {
    faults.push({
      variable: setting.variable,
      sentence: `${setting.variable} and ${fileVariable} are both set.`,
      wayOut: `unset one of them`,
    });
    return undefined;
  }
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > SECRET_FILE_BYTES_MAX) throw new Error('too large');
    if (text.trim() !== '') return text.trim();
    faults.push({
      variable: fileVariable,
      sentence: `${fileVariable} names an empty file.`,
      wayOut: 'write the secret into it',
    });
  } catch (error) {
    faults.push({
      variable: fileVariable,
      sentence: `${fileVariable} names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'too large'}).`,
      wayOut: 'correct the path, or give the account of this process read access',
    });
  }
  return undefined;
}

/** Variables that are not settings: of test runs, and the ones Kubernetes makes for a service named sotto. */
const NOT_OURS = /^SOTTO_(?:TEST_|SWEEP$|SERVICE_|PORT_\d)/;

/** A misspelt setting would silently do nothing, so it is refused with the nearest name. */
function unknownVariables(env: Environment): Fault[] {
  const known = new Set(
    Object.values(settings).flatMap(({ variable, secret }) =>
      secret ? [variable, `${variable}_FILE`] : [variable],
    ) as string[],
  );
  return Object.keys(env)
    .filter((name) => name.startsWith('SOTTO_') && !known.has(name) && !NOT_OURS.test(name))
    .sort()
    .map((name) => {
      const nearest = [...known].sort((a, b) => distance(a, name) - distance(b, name))[0]!;
      return {
        variable: name,
        sentence: `${name} is no setting of Sotto.`,
        wayOut: distance(nearest, name) <= 4 ? `did you mean ${nearest}? If not, unset it` : 'unset it',
      };
    });
}

/** Levenshtein's distance; names are short, so the plain table will do. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** True when this process plays the role. */
export const playsRole = (config: Pick<Config, 'roles'>, role: ProcessRole): boolean =>
  config.roles.includes(role);
