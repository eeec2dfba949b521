// The gate: whether this installation keeps what the policy promises. What it refuses does not start.
import type { Position } from '../fault.ts';
import type { Policy } from '../model.ts';
import { publicSentences } from '../render/compose-page.ts';
import { bases, drift, never, overdeclared, purposes, rest, undeclared } from './columns.ts';
import { age, cookies, links, rights } from './edge.ts';
import type { Facts } from './facts.ts';
import { backups, bodies, keyCustody, retention } from './keeping.ts';
import { carriers, egress } from './outside.ts';
import { type GateContext, obligationsById, type Refusal, type Rule } from './refusal.ts';

const RULES: readonly Rule[] = [
  drift,
  undeclared,
  overdeclared,
  never,
  purposes,
  bases,
  retention,
  bodies,
  backups,
  keyCustody,
  egress,
  carriers,
  links,
  rest,
  cookies,
  age,
  rights,
];

/** For a promise that the policy does not make and that has no words of its own. */
const SILENCE = 'We do only what this policy says.';

/**
 * Every promise that these facts break, in the order of the rules; empty when all are kept. Pure: the same answer
 * for the same policy and facts. Sentences are those of the public page, in English where the policy has it; facts
 * hold names and counts, never a value of anybody. A feature that the facts do not mention counts as off.
 */
export function checkAgainst(
  policy: Policy,
  facts: Facts,
  locate?: (path: string) => Position,
): readonly Refusal[] {
  const features = new Map<string, boolean>(Object.entries(facts.config.features));
  const context: GateContext = {
    policy,
    facts,
    isOn: (feature) => feature === undefined || features.get(feature) === true,
  };
  const obligations = obligationsById(policy);
  const language = policy.policy.languages.includes('en') ? 'en' : policy.policy.languages[0]!;
  const publicSentence = publicSentences(policy, { language, isOn: context.isOn, today: facts.today });
  return RULES.flatMap((rule) => [...rule(context)]).map(({ severity, silence, ...objection }): Refusal => {
    const obligation = obligations.get(objection.promise);
    return {
      ...objection,
      severity: severity ?? 'refuse',
      sentence: obligation ? publicSentence(obligation) : (silence ?? SILENCE),
      ...(obligation && locate ? { line: locate(obligation.path).line } : {}),
    };
  });
}
