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
  { claim: /(?<!\p{L})(?:لن|سوف|ابدا|دايما)(?!\p{L})/gu },
  { claim: /(?<!\p{L})(?:سن(?!ه(?!\p{L})|وات|وي|تين|تان|ين|وا)\p{L}{3,}|سيتم|سيكون|سيجري)/gu },
  { claim: /(?<!\p{L})(?:نضمن|نتعهد|نلتزم|نعد|نوكد|نكفل|نحرص|مضمونه?|ضمان)(?!\p{L})/gu },
  { claim: /(?<!\p{L})لا ن\p{L}{2,}/gu },
  { claim: /(?<!\p{L})(?:نبيع|نشارك|نخزن|نحفظ|نحتفظ|نجمع|نحذف|نمحو|نحمي|نشفر|نستخدم|نفصح|نتتبع)(?!\p{L})/gu },
];

export const promiseInProse: WordingRule = {
  name: 'promise-in-prose',
  sentence: 'This promises something in free prose, where nothing keeps it.',
  hint: 'Say it in its section of the policy, which is enforced, or describe without promising.',
  says: (words) => claims(words, LIST),
};
