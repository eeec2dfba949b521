// What happens only on a condition, in words.
import type { GateObligation } from '../../model.ts';
import type { Category } from '../../vocabulary/categories.ts';
import { PURPOSE_KEYS, type Purpose } from '../../vocabulary/purposes.ts';
import type { Voice } from '../voice.ts';

export function gateSentence({ condition }: GateObligation, voice: Voice): string {
  const { sentences, words } = voice.speech;
  switch (condition.type) {
    case 'age':
      return sentences.age(condition.min_age, condition.gate === 'attestation');
    case 'consent': {
      const features = condition.features.filter((feature) => voice.isOn(feature));
      const named = features.map((feature) => words.features[feature]);
      return sentences.consentGate(words.purposes[condition.purpose], voice.list(named));
    }
    case 'explicit':
      return sentences.explicitConsent(
        isPurpose(condition.of) ? words.purposes[condition.of] : words.categories[condition.of],
      );
    case 'sale':
      return sentences.sale(condition.mode);
    case 'advertising':
      return sentences.advertising;
    case 'feature':
      return sentences.recipientWhile(voice.nameOf(condition.recipient), words.features[condition.feature]);
  }
}

const isPurpose = (key: Category | Purpose): key is Purpose =>
  PURPOSE_KEYS.some((purpose) => purpose === key);
