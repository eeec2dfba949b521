// What data is used for, and for nothing else, in words.
import type { DataHeld, Limit } from '../../model.ts';
import type { Category } from '../../vocabulary/categories.ts';
import { foreignPhrase } from '../foreign-text.ts';
import type { Voice } from '../voice.ts';

export function limitSentence({ what, purposes }: Limit, voice: Voice): string {
  const { sentences, words } = voice.speech;
  switch (what.type) {
    case 'category': {
      const said = heldOf(what.category, voice);
      return sentences.category({
        category: words.categories[what.category],
        collected: words.collected[what.collect],
        source: quoted(said?.source),
        purposes: voice.purposes(purposes),
        basis: words.bases[what.basis],
        interest: quoted(said?.interest),
        retention: voice.list(what.retention.map((key) => words.retentionKeys[key])),
        visibleTo: voice.list((said?.visible_to ?? []).map((who) => words.visibleTo[who])),
        note: quoted(said?.note),
      });
    }
    case 'body':
      return sentences.bodyUse(what.direction, voice.purposes(purposes));
    case 'purpose': {
      const interest = quoted(voice.policy.purposes[what.purpose]?.interest);
      return sentences.purpose(words.purposes[what.purpose], words.bases[what.basis], interest);
    }
    case 'transfers':
      return sentences.transfers(voice.list(what.countries.map((country) => voice.country(country))));
  }
}

function heldOf(category: Category, voice: Voice): DataHeld | undefined {
  const said = voice.policy.data[category];
  return said && said.collect !== 'never' ? said : undefined;
}

const quoted = (text: string | undefined) => (text ? foreignPhrase(text) : '');
