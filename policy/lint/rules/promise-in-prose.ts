// A promise in free prose compiles to nothing, so nobody keeps it. It belongs into a section of the policy.
import { type Claim, claims, type WordingRule } from '../rule.ts';

const LIST: readonly Claim[] = [
  { claim: /\b(?:never|always)\b/g },
  {
    claim:
      /\b(?:we|our [\p{L}-]+|your data|(?:the )?data|it|they|this service|the service|the platform) (?:will|shall|won't)\b/gu,
  },
  { claim: /\bwe'll\b/g },
  {
    claim:
      /\b(?:guarantees?|guaranteed|promises?|promised|ensures?|ensured|pledges?|pledged|assures?|assured|undertakes? to|commits? to|committed to)\b/g,
  },
  {
    claim:
      /\bwe (?:do not|don't|only|also )*\s?(?:sell|share|store|keep|retain|collect|delete|erase|protect|encrypt|seal|use|disclose|track|log|read)\b/g,
  },
  {
    claim:
      /\b(?:is|are) (?:not|only) (?:sold|shared|stored|kept|retained|collected|disclosed|tracked|logged|read)\b/g,
  },
  { claim: /(?<![a-z\u0620-\u06d3])(?:لن|سوف|ابدا|دايما)(?![a-z\u0620-\u06d3])/gu },
  {
    claim:
      /(?<![a-z\u0620-\u06d3])(?:سن(?!ه(?![a-z\u0620-\u06d3])|وات|وي|تين|تان|ين|وا)[a-z\u0620-\u06d3]{3,}|سيتم|سيكون|سيجري)/gu,
  },
  {
    claim:
      /(?<![a-z\u0620-\u06d3])(?:نضمن|نتعهد|نلتزم|نعد|نوكد|نكفل|نحرص|مضمونه?|ضمان)(?![a-z\u0620-\u06d3])/gu,
  },
  { claim: /(?<![a-z\u0620-\u06d3])لا ن[a-z\u0620-\u06d3]{2,}/gu },
  {
    claim:
      /(?<![a-z\u0620-\u06d3])(?:نبيع|نشارك|نخزن|نحفظ|نحتفظ|نجمع|نحذف|نمحو|نحمي|نشفر|نستخدم|نفصح|نتتبع)(?![a-z\u0620-\u06d3])/gu,
  },
];

export const promiseInProse: WordingRule = {
  name: 'promise-in-prose',
  sentence: 'This promises something in free prose, where nothing keeps it.',
  hint: 'Say it in its section of the policy, which is enforced, or describe without promising.',
  says: (words) => claims(words, LIST),
};
