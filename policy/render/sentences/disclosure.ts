// Who else receives what, in words.
import type { Disclosure } from '../../model.ts';
import { foreign } from '../foreign-text.ts';
import type { Voice } from '../voice.ts';

export function disclosureSentence(disclosure: Disclosure, voice: Voice): string {
  const { sentences, words } = voice.speech;
  return sentences.recipient({
    name: foreign(disclosure.name),
    role: words.roles[disclosure.role],
    country: voice.country(disclosure.country),
    categories: voice.categories(disclosure.categories),
    purposes: voice.purposes(disclosure.purposes),
    transfer: disclosure.transfer ? words.mechanisms[disclosure.transfer] : '',
  });
}
