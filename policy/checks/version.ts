// E-VER: another content is another version, and a later one.
import { canonicalForm } from '../canonical.ts';
import type { Policy } from '../model.ts';
import { type Check, refuse } from './finding.ts';

export const checkVersion: Check = function* (policy, { previous }) {
  if (!previous || canonicalForm(previous) === canonicalForm(policy)) return;
  if (previous.policy.id !== policy.policy.id) return;
  const [before, after] = [previous.policy, policy.policy];
  const onlyVersion = canonicalForm({
    ...previous,
    policy: { ...before, version: after.version, effective: after.effective },
  });
  const content = onlyVersion !== canonicalForm(policy);
  if (content && !isLater(after.version, before.version)) {
    yield refuse(
      'E-VER',
      'policy.version',
      `The content differs from what was published as ${before.version}, and the version is ${after.version}.`,
      'Raise the version.',
    );
  }
  if (after.effective < before.effective) {
    yield refuse(
      'E-VER',
      'policy.effective',
      `This is in force from ${after.effective}, before what was published (${before.effective}).`,
      'Write a later date.',
    );
  } else if (content && after.effective === before.effective) {
    yield refuse(
      'E-VER',
      'policy.effective',
      'The content changed, and the date did not.',
      'Write the day it takes effect.',
    );
  }
};

/** Precedence of Semantic Versioning §11. */
function isLater(a: Policy['policy']['version'], b: Policy['policy']['version']): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const at of [0, 1, 2] as const) {
    if (left.numbers[at] !== right.numbers[at]) return left.numbers[at]! > right.numbers[at]!;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return left.pre.length === 0 && right.pre.length > 0;
  for (let at = 0; at < Math.max(left.pre.length, right.pre.length); at += 1) {
    const [x, y] = [left.pre[at], right.pre[at]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return y === undefined;
    const [numericX, numericY] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (numericX && numericY) return Number(x) > Number(y);
    if (numericX !== numericY) return numericY;
    return x > y;
  }
  return false;
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly pre: readonly string[] } {
  const dash = version.indexOf('-');
  const core = dash < 0 ? version : version.slice(0, dash);
  return {
    numbers: core.split('.').map(Number),
    pre: dash < 0 ? [] : version.slice(dash + 1).split('.'),
  };
}
