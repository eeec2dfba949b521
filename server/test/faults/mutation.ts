// Breaking the product on purpose, to show that the harness bites: a copy of the server's source with one rule taken
// out, run through the scenario that ought to notice. Nothing of this is in the product.
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isClean, run } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { ViolationKind } from './violation.ts';

export interface Patch {
  /** Path within the server's `src`. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** The rule that is broken. */
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly scenarios: readonly Scenario[];
  /** What the checker must find, one of them at least. */
  readonly expected: readonly ViolationKind[];
}

const CHECKOUT_SERVER = resolve(import.meta.dirname, '../..');

/** Copies the server, of the checkout or from elsewhere, and applies the patches. Throws when one does not apply: a mutant that is none proves nothing. */
export function makeMutant(
  patches: readonly Patch[],
  from = CHECKOUT_SERVER,
): { readonly source: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-mutant-'));
  chmodSync(folder, 0o755);
  const source = join(folder, 'server');
  for (const part of ['src', 'migrations', 'package.json'])
    cpSync(join(from, part), join(source, part), { recursive: true });
  for (const beside of ['node_modules', 'policies'])
    symlinkSync(join(CHECKOUT_SERVER, '..', beside), join(folder, beside));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    for (const patch of patches) apply(join(source, 'src', patch.file), patch);
  } catch (error) {
    remove();
    throw error;
  }
  return { source, remove };
}

function apply(path: string, { file, find, replace }: Patch): void {
  const text = readFileSync(path, 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`${file}: the text to replace stands there ${times} times: ${find}`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}

export interface Verdict {
  readonly caught: boolean;
  readonly sentence: string;
}

/** Runs the mutant through its scenarios, with further seeds when the dice were kind to it. */
export async function catches(mutant: Mutant, seed: number, from?: string, tries = 3): Promise<Verdict> {
  const { source, remove } = makeMutant(mutant.patches, from);
  let sentence = '';
  try {
    for (let attempt = 0; attempt < tries; attempt++) {
      const result = await run({ seed: seed + attempt, scenarios: mutant.scenarios, source });
      const kinds = new Set(result.report.violations.map(({ kind }) => kind));
      const hit = mutant.expected.find((kind) => kinds.has(kind));
      if (hit !== undefined) {
        const what = result.report.violations.find(({ kind }) => kind === hit)!.what;
        return { caught: true, sentence: `${hit}: ${what}` };
      }
      sentence = isClean(result) ? 'nothing was found' : `found ${[...kinds].join(', ') || result.failure}`;
    }
    return { caught: false, sentence };
  } finally {
    remove();
  }
}
