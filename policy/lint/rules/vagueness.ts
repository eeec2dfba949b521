// "Industry standard", "appropriate measures", "as long as necessary": nobody can check what was not said.
import { type Claim, claims, type WordingRule } from '../rule.ts';

const LIST: readonly Claim[] = [
  { claim: /\bindustry[ -](?:standards?|leading|grade|best)\b/g },
  { claim: /\bstate[ -]of[ -]the[ -]art\b|\bcutting[ -]edge\b/g },
  { claim: /\bbest[ -](?:practices?|in[ -]class|efforts?)\b/g },
  { claim: /\b(?:bank|military|enterprise|world)[ -](?:grade|level|class)\b/g },
  {
    claim:
      /\b(?:reasonable|appropriate|adequate|suitable|necessary|sufficient|strong|robust) (?:(?:and|or|security|technical|organi[sz]ational|protective|physical|reasonable|appropriate) ){0,4}(?:measures?|safeguards?|steps|precautions|security|protection|controls)\b/g,
  },
  { claim: /\b(?:as|so) long as (?:it |this )?(?:is )?(?:reasonably )?(?:necessary|needed|required)\b/g },
  { claim: /\b(?:highest|strictest|latest)(?: security| privacy)? (?:standards?|technolog(?:y|ies))\b/g },
  { claim: /(?<![a-z\u0620-\u06d3])(?:ال)?معايير (?:ال)?(?:صناعه|صناعيه|قطاع)/gu },
  {
    claim:
      /(?<![a-z\u0620-\u06d3])(?:افضل الممارسات|احدث (?:ال)?(?:تقنيات|اساليب)|اعلي (?:ال)?(?:معايير|مستويات))/gu,
  },
  {
    claim:
      /(?<![a-z\u0620-\u06d3])(?:ال)?(?:تدابير|اجراءات|خطوات|احتياطات|ضوابط) (?:ال)?(?:امنيه |تقنيه )?(?:ال)?(?:مناسبه|معقوله|ملايمه|لازمه|كافيه|قويه)/gu,
  },
  {
    claim:
      /(?<![a-z\u0620-\u06d3])(?:طالما|ما دام(?:ت)?) (?:كان |كانت )?(?:ذلك |هناك )?(?:ضروري|لازم|حاجه)/gu,
  },
];

export const vagueness: WordingRule = {
  name: 'vagueness',
  sentence: 'This sounds like a measure and names none.',
  hint: 'Name the measure, the standard with its number, or the limit: "TLS 1.2 or later", "for 30 days".',
  says: (words) => claims(words, LIST),
};
