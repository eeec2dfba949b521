// The lint of wording (E-LINT): looks at one text and says which rules it breaks, without repeating it.
import { plainWords } from './plain-words.ts';
import type { RuleName, WordingRule } from './rule.ts';
import { absoluteSecurity } from './rules/absolute-security.ts';
import { anonymity } from './rules/anonymity.ts';
import { certification } from './rules/certification.ts';
import { promiseInProse } from './rules/promise-in-prose.ts';
import { vagueness } from './rules/vagueness.ts';

export interface WordingFinding {
  readonly code: 'E-LINT';
  readonly rule: RuleName;
  /** Where the text stands: `text.en.extra[0].text`. */
  readonly path: string;
  /** Counted from 1; absent where the caller knows of none. */
  readonly line?: number;
  /** What is wrong; never holds the text. */
  readonly sentence: string;
  readonly hint: string;
}

/**
 * `statement`: about something that is kept, so it may promise. `prose`: free text, which may not. `name`: what
 * somebody is called, which may say much, but not that it is perfectly secure.
 */
export type TextKind = 'statement' | 'prose' | 'name';

const CLAIMS: readonly WordingRule[] = [absoluteSecurity, certification, anonymity, vagueness];
const RULES: Readonly<Record<TextKind, readonly WordingRule[]>> = {
  statement: CLAIMS,
  prose: [...CLAIMS, promiseInProse],
  name: [absoluteSecurity],
};

/** Findings of one text, one for each rule it breaks. Linear in its length; reads at most 20,000 characters. */
export function lintText(text: string, path: string, kind: TextKind, line?: number): WordingFinding[] {
  const words = plainWords(text);
  return RULES[kind]
    .filter((rule) => rule.says(words))
    .map(({ name, sentence, hint }) => ({
      code: 'E-LINT',
      rule: name,
      path,
      ...(line === undefined ? {} : { line }),
      sentence,
      hint,
    }));
}
