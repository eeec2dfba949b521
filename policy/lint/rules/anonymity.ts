// "Anonymous": data under a pseudonym is personal data (GDPR Recital 26), and what this platform keeps of people is
// under pseudonyms at most.
import { type Claim, claims, type WordingRule } from '../rule.ts';

const DENIED = /\b(?:not|never|no|isn't|aren't)(?: [\p{L}']+){0,2} $/u;
const DENIED_IN_ARABIC = /(?<![a-z\u0620-\u06d3])(?:غير|ليس|ليست|لا)(?: \S+){0,2} $/u;

const LIST: readonly Claim[] = [
  { claim: /\banonym(?:ous(?:ly)?|ity|i[sz](?:e[sd]?|ing|ation))\b/g, unless: DENIED },
  { claim: /\b(?:cannot|can't|can not) be (?:traced|linked|identified)\b/g },
  {
    claim: /(?<![a-z\u0620-\u06d3])(?:ال)?مجهوله?(?: (?:ال)?(?:هويه|مصدر))?(?![a-z\u0620-\u06d3])/gu,
    unless: DENIED_IN_ARABIC,
  },
  { claim: /(?<![a-z\u0620-\u06d3])(?:اخفاء|حجب) (?:ال)?هويه/gu, unless: DENIED_IN_ARABIC },
];

export const anonymity: WordingRule = {
  name: 'anonymity',
  sentence: 'This calls something anonymous that is known by a pseudonym.',
  hint: 'Say "under a pseudonym", or that what identifies somebody is removed.',
  says: (words) => claims(words, LIST),
};
