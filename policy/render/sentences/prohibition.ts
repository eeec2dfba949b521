// What is never done, in words.
import type { Prohibition } from '../../model.ts';
import { foreignPhrase } from '../foreign-text.ts';
import type { Voice } from '../voice.ts';

export function prohibitionSentence({ what }: Prohibition, voice: Voice): string {
  const { sentences, words } = voice.speech;
  switch (what.type) {
    case 'category': {
      const note = voice.policy.data[what.category]?.note;
      const alone = voice.seersOf([what.category]).length === 0;
      return sentences.neverCollected(
        words.categories[what.category],
        alone,
        note ? foreignPhrase(note) : '',
      );
    }
    case 'body':
      return sentences.bodyNever(what.direction);
    case 'body_search':
      return sentences.bodyNotSearchable(what.direction);
    case 'sale':
      return sentences.noSale(what.scope);
    case 'advertising':
      return sentences.noAdvertising;
    case 'cookies':
      return sentences.noCookies;
    case 'keys_in_backups':
      return sentences.keysApart;
  }
}
