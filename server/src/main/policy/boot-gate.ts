// The gate before the start: the policy against what this installation is and does. A promise that cannot be kept
// stops the start; what only overstates, and what this release has not built yet, warns in development.

import type { Refusal as Broken, Facts } from '@sotto/policy';
import { checkAgainst } from '@sotto/policy';
import pg from 'pg';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import { liftGuard, readGuards, readNotNull, setGuard } from '#privacy/data-map';
import { dataMap } from '../data-map.ts';
import type { Ground } from '../ground.ts';
import { columnFacts } from './column-facts.ts';
import { holdsOf } from './holds.ts';
import { installationFacts, MACHINERY_SCHEMAS } from './installation-facts.ts';
import type { PolicyFile } from './policy-file.ts';
import { partOf } from './unbuilt.ts';

export interface GateResult {
  /** Broken promises that do not stop this start. */
  readonly warnings: readonly Broken[];
  readonly facts: Facts;
}

/**
 * Guards what the policy does not hold, gathers the facts and compares. Throws one Refusal that names every promise this
 * installation cannot keep. Writes nothing but guards: constraints on empty columns, set and lifted as the policy says.
 */
export async function passGate(
  ground: Pick<Ground, 'db' | 'keyring' | 'ownerUrl'>,
  config: Config,
  file: PolicyFile,
  ignoredSchemas: readonly string[] = MACHINERY_SCHEMAS,
): Promise<GateResult> {
  const owner = new pg.Client({ connectionString: ground.ownerUrl, application_name: 'sotto-gate' });
  await owner.connect();
  try {
    await guard(owner, file);
    const facts = await installationFacts(owner, ground, config, file.policy, ignoredSchemas);
    const broken = checkAgainst(file.policy, facts, file.locate);
    const [refused, warnings] = judged(broken, config);
    if (refused.length > 0) throw refusalOf(file, refused);
    return { warnings, facts };
  } finally {
    await owner.end();
  }
}

/** What stops this start, and what it only warns of: in development, what waits for a part that is not built. */
function judged(broken: readonly Broken[], { production }: Config): [Broken[], Broken[]] {
  const warns = (one: Broken) => one.severity === 'warn' || (!production && partOf(one) !== undefined);
  return [broken.filter((one) => !warns(one)), broken.filter(warns)];
}

/** Sets the guards of empty columns of what the policy does not hold, and lifts those of what it does. */
async function guard(owner: pg.Client, { policy }: PolicyFile): Promise<void> {
  const [guards, notNull, holds] = [await readGuards(owner), await readNotNull(owner), holdsOf(policy)];
  for (const fact of columnFacts(dataMap, policy)) {
    const name = `${fact.table}.${fact.column}`;
    const isHeld = holds(fact.category);
    if (isHeld !== guards.has(name)) continue;
    if (isHeld) await liftGuard(owner, fact);
    // A value that is there already is for the gate to report, and a column without null for it to refuse.
    else if (!notNull.has(name)) await setGuard(owner, fact).catch(rethrowUnlessPresent);
  }
}

/** SQLSTATE 23514: a row has a value. */
function rethrowUnlessPresent(error: unknown): void {
  if ((error as { code?: unknown }).code !== '23514') throw error;
}

/** A broken promise as the operator reads it: the code, the public sentence, what was found, three ways out. */
export const brokenLines = (
  file: Pick<PolicyFile, 'name'>,
  { code, promise, sentence, fact, line, waysOut }: Broken,
) => [
  `${code} ${promise}${line === undefined ? '' : ` (${file.name}:${line})`}`,
  `    promised: ${sentence}`,
  `    found:    ${fact}`,
  ...waysOut.map((way) => `    way out:  ${way}`),
];

function refusalOf(file: PolicyFile, broken: readonly Broken[]): Refusal {
  return new Refusal(
    [
      `this installation cannot keep ${broken.length === 1 ? 'a promise' : `${broken.length} promises`} of the policy ${file.name}.`,
      ...broken.flatMap((one) => brokenLines(file, one).map((line) => `  ${line}`)),
    ].join('\n'),
    ['take one way out for each', 'the codes are explained in docs/privacy/policy-language.md'],
  );
}
