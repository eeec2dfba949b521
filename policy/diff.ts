// What changed between two policies, on what they oblige to and not on their text. Material: a new category,
// purpose, recipient or country; a longer retention; a right gone or slower; a lower age; less assurance; another
// lawful basis. Of these people are told before they take effect (GDPR Art. 13(3), 5(1)(a)).
import type { PolicyChange, Verdict } from './diff/change.ts';
import { compare, ofAdded, ofRemoved } from './diff/compare.ts';
import type { Obligation, Policy } from './model.ts';
import { compile } from './obligations/compile.ts';

export type { PolicyChange } from './diff/change.ts';

/** Every change from one policy to another, in the order of the sections. Empty when both promise the same. */
export function diffPolicies(before: Policy, after: Policy): readonly PolicyChange[] {
  const older = new Map(compile(before).map((obligation) => [obligation.id, obligation]));
  const newer = compile(after);
  const ids = new Set(newer.map(({ id }) => id));
  const present = newer.flatMap((obligation): readonly PolicyChange[] => {
    const former = older.get(obligation.id);
    if (!former) return [changeOf(obligation, 'added', ofAdded(obligation))];
    return [...compare(former, obligation)].map((verdict) => changeOf(obligation, 'changed', verdict));
  });
  const gone = [...older.values()]
    .filter(({ id }) => !ids.has(id) && !goesWithAnother(id, older, ids))
    .map((obligation) => changeOf(obligation, 'removed', ofRemoved(obligation)));
  return [...present, ...gone];
}

/**
 * What stands and falls with a recipient or a purpose says nothing by itself when that goes; so does a promise not
 * to search texts when no text is kept any more.
 */
function goesWithAnother(
  id: string,
  older: ReadonlyMap<string, Obligation>,
  ids: ReadonlySet<string>,
): boolean {
  const [, recipient] =
    /^(?:attest:contract|attest:transfer|bound:upstream|gate:recipient):(.+)$/.exec(id) ?? [];
  if (recipient !== undefined) return !ids.has(`disclose:${recipient}`);
  const [, purpose] = /^gate:consent:(.+)$/.exec(id) ?? [];
  if (purpose !== undefined) return !ids.has(`limit:purpose:${purpose}`);
  const [, direction] = /^prohibit:body_search:(.+)$/.exec(id) ?? [];
  if (direction !== undefined) return ids.has(`prohibit:body:${direction}`);
  const [, right] = /^deadline:right:(.+)$/.exec(id) ?? [];
  // The withdrawn right itself is the change.
  return right !== undefined && older.has(`require:right:${right}`) && !ids.has(`require:right:${right}`);
}

function changeOf(obligation: Obligation, kind: PolicyChange['kind'], verdict: Verdict): PolicyChange {
  const { path = '', material, weaker, reason } = verdict;
  return {
    obligation: obligation.id,
    kind,
    path: path === '' ? obligation.path : `${obligation.path}.${path}`,
    material,
    weaker,
    reason,
  };
}
