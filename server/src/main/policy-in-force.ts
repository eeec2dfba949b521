// The policy this installation runs under: a profile of the repository by name, or a file by path.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Policy } from '@sotto/policy/model';
import { readPolicy } from '@sotto/policy/read-policy';
import { Refusal } from '#platform/errors';

const PROFILES = resolve(import.meta.dirname, '../../../policies');
const PROFILE = /^[a-z][a-z0-9-]*$/;
const FAULTS_SHOWN_MAX = 5;

/** Reads and resolves it. Throws a `Refusal` with its faults and their lines when it cannot be read. */
export function readPolicyInForce(nameOrPath: string): Policy {
  const text = textOf(nameOrPath);
  if (text === undefined) {
    throw new Refusal(`There is no policy "${nameOrPath}".`, [
      'set SOTTO_POLICY to the name of a profile in the folder policies/',
      'set SOTTO_POLICY to the path of a policy file',
    ]);
  }
  const read = readPolicy(text, (base) => textOf(base));
  if (read.ok) return read.policy;
  const shown = read.faults
    .slice(0, FAULTS_SHOWN_MAX)
    .map(({ code, line, sentence }) => `${code}, line ${line}: ${sentence}`);
  throw new Refusal(`The policy "${nameOrPath}" has ${read.faults.length} faults. ${shown.join(' ')}`, [
    'mend what the lines say',
  ]);
}

function textOf(nameOrPath: string): string | undefined {
  const path = PROFILE.test(nameOrPath) ? join(PROFILES, `${nameOrPath}.yaml`) : resolve(nameOrPath);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
