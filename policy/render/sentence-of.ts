// The public sentence of an obligation. An operator's own wording, `text.<language>.sentences`, takes the place of
// ours; who stands behind a statement is said around it in either case.
import type { Obligation } from '../model.ts';
import { foreign } from './foreign-text.ts';
import { asStated, attestationSentence } from './sentences/attestation.ts';
import { boundSentence } from './sentences/bound.ts';
import { deadlineSentence } from './sentences/deadline.ts';
import { disclosureSentence } from './sentences/disclosure.ts';
import { gateSentence } from './sentences/gate.ts';
import { limitSentence } from './sentences/limit.ts';
import { prohibitionSentence } from './sentences/prohibition.ts';
import { requirementSentence } from './sentences/requirement.ts';
import type { Voice } from './voice.ts';

export function sentenceOf(obligation: Obligation, voice: Voice): string {
  const own = voice.policy.text[voice.speech.language]?.sentences[obligation.id];
  if (own === undefined && obligation.kind === 'ATTEST') return attestationSentence(obligation, voice);
  const sentence = own === undefined ? ourSentence(obligation, voice) : foreign(own);
  return obligation.assurance === 'attested' ? asStated(sentence, obligation, voice) : sentence;
}

function ourSentence(obligation: Obligation, voice: Voice): string {
  switch (obligation.kind) {
    case 'PROHIBIT':
      return prohibitionSentence(obligation, voice);
    case 'BOUND':
      return boundSentence(obligation, voice);
    case 'LIMIT':
      return limitSentence(obligation, voice);
    case 'DISCLOSE':
      return disclosureSentence(obligation, voice);
    case 'REQUIRE':
      return requirementSentence(obligation, voice);
    case 'DEADLINE':
      return deadlineSentence(obligation, voice);
    case 'GATE':
      return gateSentence(obligation, voice);
    case 'ATTEST':
      return attestationSentence(obligation, voice);
  }
}

/** Keys of recipients that see what a statement about ourselves is about. */
export function besides(obligation: Obligation, voice: Voice): string[] {
  if (obligation.kind !== 'PROHIBIT' && obligation.kind !== 'BOUND' && obligation.kind !== 'LIMIT') return [];
  const { what } = obligation;
  switch (what.type) {
    case 'category':
      return voice.seersOf([what.category]);
    case 'retention':
      return voice.seersOf(what.categories);
    case 'body':
    case 'body_search':
      return voice.seersOfTexts(what.direction);
    case 'metadata':
      return voice.seersOf(['user.behavior.delivery_metadata']);
    case 'counterparty':
      return voice.seersOf(['user.contact.counterparty_number']);
    default:
      return [];
  }
}
