// From the text of a policy to the policy: parse, lay over its base, read, and refuse promises taken back in silence.
import { extensionOf, merge, type PolicyResolver, resolveBase, withoutExtension } from './compose.ts';
import { diffPolicies } from './diff.ts';
import type { Fault, Position } from './fault.ts';
import { document } from './grammar/document.ts';
import { locate } from './grammar/locate.ts';
import { nameOfKind, type RawMap } from './grammar/node.ts';
import { parseYaml } from './grammar/parse-yaml.ts';
import { Reading } from './grammar/reader.ts';
import type { Policy } from './model.ts';

export type PolicyReading =
  | {
      readonly ok: true;
      readonly policy: Policy;
      /** Where a path is written down; in the base when it comes from there. */
      readonly locate: (path: string) => Position;
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Reads a policy whole. Reports every fault of the file, in the order of its lines; those of a base come first and
 * stop there. Never throws for any text; does no I/O: `resolve` gives the text of what `policy.extends` names.
 */
export function readPolicy(text: string, resolve: PolicyResolver): PolicyReading {
  const read = readFile(text, '', resolve, []);
  return 'faults' in read
    ? { ok: false, faults: read.faults }
    : { ok: true, policy: read.policy, locate: (path) => locate(read.root, path) };
}

type FileReading = { readonly policy: Policy; readonly root: RawMap } | { readonly faults: readonly Fault[] };

function readFile(
  text: string,
  file: string,
  resolve: PolicyResolver,
  trail: readonly string[],
): FileReading {
  const parsed = parseYaml(text, file);
  const root = parsed.root;
  if (!root || (root.kind !== 'map' && parsed.faults.length > 0)) return { faults: parsed.faults };
  if (root.kind !== 'map') {
    return {
      faults: [
        {
          ...root.at,
          code: 'E-TYPE',
          path: '',
          sentence: `A policy is a map of sections, and this is ${nameOfKind(root)}.`,
          hint: 'Begin with the section "policy:".',
        },
      ],
    };
  }

  const extension = extensionOf(root);
  if (!extension) {
    const whole = readRoot(root, parsed.faults);
    if ('faults' in whole || whole.policy.weakens.length === 0) return whole;
    return { faults: [baseless(locate(root, 'weakens'))] };
  }
  const found = resolveBase(extension, resolve, trail);
  if ('fault' in found) return { faults: [...parsed.faults, found.fault] };
  const base = readFile(found.text, extension.name, resolve, [...trail, extension.name]);
  if ('faults' in base) {
    return {
      faults: [
        ...parsed.faults,
        {
          ...extension.at,
          code: 'E-EXTENDS',
          path: 'policy.extends',
          sentence: `The policy "${extension.name}" has ${base.faults.length} faults of its own.`,
          hint: 'Mend them first; they follow.',
        },
        ...base.faults,
      ],
    };
  }
  const whole = readRoot(merge(base.root, withoutExtension(root)), parsed.faults);
  if ('faults' in whole) return whole;
  const silent = weakenings(base.policy, whole, extension.name);
  return silent.length > 0 ? { faults: silent } : whole;
}

const baseless = (at: Position): Fault => ({
  ...at,
  code: 'E-WEAKENS',
  path: 'weakens',
  sentence: 'A policy that extends nothing weakens nothing.',
  hint: 'Remove "weakens", or name the base in policy.extends.',
});

function readRoot(root: RawMap, faultsOfText: readonly Fault[]): FileReading {
  const reading = new Reading();
  const policy = document.read(root, '', reading);
  const faults = [...faultsOfText, ...reading.faults];
  return policy && faults.length === 0 ? { policy, root } : { faults };
}

/** Promises weaker than those of the base that the policy does not own up to, and confessions without a deed. */
function weakenings(
  base: Policy,
  { policy, root }: { readonly policy: Policy; readonly root: RawMap },
  name: string,
): readonly Fault[] {
  const weaker = diffPolicies(base, policy).filter((change) => change.weaker);
  const covers = (path: string, of: string) =>
    of === path || (of.startsWith(path) && /^[.[]/.test(of.slice(path.length)));
  const silent = weaker
    .filter(({ path }) => !policy.weakens.some((said) => covers(said.path, path)))
    .map(
      (change): Fault => ({
        ...locate(root, change.path),
        code: 'E-WEAKENS',
        path: change.path,
        sentence: `This promises less than "${name}": ${change.reason} (${change.obligation}).`,
        hint: `Keep the promise, or add to "weakens": {path: ${change.path}, reason: ...}.`,
      }),
    );
  const idle = policy.weakens.flatMap((said, at): readonly Fault[] =>
    weaker.some(({ path }) => covers(said.path, path))
      ? []
      : [
          {
            ...locate(root, `weakens[${at}]`),
            code: 'E-WEAKENS',
            path: `weakens[${at}]`,
            sentence: `"${said.path.slice(0, 100)}" promises no less than "${name}".`,
            hint: 'Remove the entry, or correct its path.',
          },
        ],
  );
  return [...silent, ...idle];
}
