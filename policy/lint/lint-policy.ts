// The lint of everything in a policy that somebody wrote in their own words.
import type { Policy } from '../model.ts';
import { lintText, type TextKind, type WordingFinding } from './lint-text.ts';

/** Findings in the order of the sections. `lineOf` says where a path is written; pure. */
export function lintPolicy(policy: Policy, lineOf?: (path: string) => number | undefined): WordingFinding[] {
  return [...textsOf(policy)].flatMap(({ path, text, kind }) =>
    text === undefined ? [] : lintText(text, path, kind, lineOf?.(path)),
  );
}

interface WrittenText {
  readonly path: string;
  readonly text: string | undefined;
  readonly kind: TextKind;
}

function* textsOf(policy: Policy): Generator<WrittenText> {
  for (const [category, said] of Object.entries(policy.data)) {
    const path = `data.${category}`;
    yield { path: `${path}.note`, text: said.note, kind: 'prose' };
    if (said.collect === 'never') continue;
    yield { path: `${path}.source`, text: said.source, kind: 'statement' };
    yield { path: `${path}.interest`, text: said.interest, kind: 'statement' };
  }
  for (const [purpose, said] of Object.entries(policy.purposes)) {
    yield { path: `purposes.${purpose}.interest`, text: said.interest, kind: 'statement' };
  }
  for (const [key, { name }] of Object.entries(policy.recipients)) {
    yield { path: `recipients.${key}.name`, text: name, kind: 'name' };
  }
  for (const [language, said] of Object.entries(policy.text)) {
    for (const [id, text] of Object.entries(said.sentences)) {
      yield { path: `text.${language}.sentences.${id}`, text, kind: 'statement' };
    }
    for (const [at, { text }] of said.extra.entries()) {
      yield { path: `text.${language}.extra[${at}].text`, text, kind: 'prose' };
    }
  }
}
