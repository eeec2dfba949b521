// The policy this installation runs under: a profile of `policies/` by its name, or a file of the operator's own.
// Read before anything else is touched: a policy that cannot be read leaves the database as it was.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Fault, Policy, Position } from '@sotto/policy';
import { type CheckedFault, checkPolicy, policyHash, readPolicy } from '@sotto/policy';
import { lintPolicy } from '@sotto/policy/lint/lint-policy';
import { Refusal } from '#platform/errors';

/** A policy that was read whole and that its own checks let pass. */
export interface PolicyFile {
  /** As a person would name it: `standard`, or the path of the file. */
  readonly name: string;
  readonly policy: Policy;
  /** `sha256:<hex>` of the canonical form: what this policy is called in records and evidence. */
  readonly hash: string;
  /** Where a statement is written down. */
  readonly locate: (path: string) => Position;
  /** What does not stop a start and should be read: expired attestations, placeholders outside production. */
  readonly warnings: readonly CheckedFault[];
}

export interface ReadOptions {
  readonly production: boolean;
  /** The day expiries are judged by, `2026-01-31`. */
  readonly today: string;
  /** What was published before, where there is one: content that changed under the same version is refused. */
  readonly previous?: Policy;
}

const PROFILES = resolve(import.meta.dirname, '../../../../policies');
/** `policies/promises.yaml` is data about policies and none itself. */
const NO_PROFILE = new Set(['promises']);
const PROFILE_NAME = /^[a-z][a-z0-9-]{0,63}$/;
/** A policy is some twenty kilobytes; the grammar has a bound of its own for what it parses. */
const FILE_BYTES_MAX = 1_048_576;
/** The first faults of a file tell enough; the rest is counted. */
const FAULTS_SHOWN_MAX = 20;

/** Names of the profiles that come with this release. */
export const profileNames = (): string[] =>
  readdirSync(PROFILES)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .filter((name) => !NO_PROFILE.has(name))
    .sort();

/**
 * Reads and checks a policy. Throws one Refusal that lists every fault with file, line and way out. Reads files,
 * writes nothing.
 */
export async function readPolicyFile(name: string, options: ReadOptions): Promise<PolicyFile> {
  const { text, shown } = textOf(name);
  const reading = readPolicy(text, profileText);
  if (!reading.ok) throw refusalOf(shown, reading.faults);
  const { policy, locate } = reading;
  const { production, today, previous } = options;
  const faults = checkPolicy(
    policy,
    { now: today, production, ...(previous === undefined ? {} : { previous }) },
    locate,
  );
  const worded = lintPolicy(policy, (path) => locate(path).line).map(
    ({ path, sentence, hint }): CheckedFault => ({
      ...locate(path),
      code: 'E-LINT',
      severity: 'refuse',
      path,
      sentence,
      hint,
    }),
  );
  const refused = [...faults.filter(({ severity }) => severity === 'refuse'), ...worded];
  if (refused.length > 0) throw refusalOf(shown, refused);
  return {
    name: shown,
    policy,
    hash: await policyHash(policy),
    locate,
    warnings: faults.filter(({ severity }) => severity === 'warn'),
  };
}

function profileText(name: string): string | undefined {
  if (!PROFILE_NAME.test(name) || !profileNames().includes(name)) return undefined;
  return readFileSync(join(PROFILES, `${name}.yaml`), 'utf8');
}

function textOf(name: string): { readonly text: string; readonly shown: string } {
  const profile = profileText(name);
  if (profile !== undefined) return { text: profile, shown: name };
  const path = resolve(name);
  const shown = relative(process.cwd(), path) || path;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > FILE_BYTES_MAX)
      throw new Refusal(`${shown} is too large for a policy.`, ['name the file of the policy itself']);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), shown };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof TypeError) {
      throw new Refusal(`${shown} is not UTF-8 text.`, ['save it as UTF-8 without other encodings']);
    }
    throw new Refusal(
      `There is no policy named ${name}, and no file of that path can be read.`,
      [`name a profile: ${profileNames().join(', ')}`, 'give the path of a policy file in SOTTO_POLICY'],
      error,
    );
  }
}

/** A fault on one line, as compilers write them, and its way out. */
export const faultLine = (shown: string, { file, line, column, code, sentence, hint }: Fault): string =>
  `${file === '' ? shown : file}:${line}:${column} ${code}: ${sentence} ${hint}`;

function refusalOf(shown: string, faults: readonly Fault[]): Refusal {
  const lines = faults.slice(0, FAULTS_SHOWN_MAX).map((fault) => faultLine(shown, fault));
  const more = faults.length - lines.length;
  return new Refusal(
    [
      `the policy ${shown} cannot be run.`,
      ...lines.map((line) => `  ${line}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ].join('\n'),
    [
      'mend the lines above',
      `see all of it: npx sotto policy check ${shown}`,
      'run a profile: SOTTO_POLICY=standard',
    ],
  );
}
