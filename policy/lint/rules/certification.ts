// "Certified", "compliant": words of somebody who looked, and no policy of ours can hold a certificate. What people
// state about a framework is an attestation with an owner and a date.
import { type Claim, claims, type WordingRule } from '../rule.ts';

const DENIED = /\b(?:not|no|without(?: an?| any)?|never|isn't|aren't)(?: [\p{L}']+){0,2} $/u;
const DENIED_IN_ARABIC = /(?<![a-z\u0620-\u06d3])(?:غير|ليس|ليست|بدون|دون|من دون|لا)(?: \S+){0,2} $/u;

const LIST: readonly Claim[] = [
  { claim: /\b(?:certified|certification|accredited|accreditation)\b/g, unless: DENIED },
  {
    claim: /\b(?:compliant|in (?:full |strict )?compliance|compl(?:y|ies) (?:fully )?with)\b/g,
    unless: DENIED,
  },
  { claim: /(?<![a-z\u0620-\u06d3])(?:ال)?معتمده?(?![a-z\u0620-\u06d3]| علي)/gu, unless: DENIED_IN_ARABIC },
  {
    claim: /(?<![a-z\u0620-\u06d3])(?:حاصل(?:ه|ون|ين)? علي|نحمل|لدينا) شهاد(?:ه|ات)/gu,
    unless: DENIED_IN_ARABIC,
  },
  {
    claim: /(?<![a-z\u0620-\u06d3])(?:متوافقه?|ممتثله?|مطابقه?) (?:تماما )?(?:مع|ل[a-z\u0620-\u06d3]+)/gu,
    unless: DENIED_IN_ARABIC,
  },
];

export const certification: WordingRule = {
  name: 'certification',
  sentence: 'This says that somebody certified something, and no certificate stands behind it.',
  hint: 'Say what is stated, by whom and since when, in security.attestations; "follows", not "certified".',
  says: (words) => claims(words, LIST),
};
