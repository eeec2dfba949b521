// "100 % secure", "cannot be hacked": no system is, so nobody may say it of this one.
import { type Claim, claims, type WordingRule } from '../rule.ts';

/** "No system is", "nothing can be", "we are not", "cannot guarantee": what follows is denied. */
const DENIED =
  /(?:\b(?:no|none|nothing|neither)\b.*\b(?:is|are|was|be|offers?|provides?|gives?)(?: ever| an?)?|\b(?:not|never|cannot|can't|isn't|aren't|don't|doesn't)(?: [\p{L}']+){0,3}) $/u;
const DENIED_IN_ARABIC =
  /(?<![a-z\u0620-\u06d3])(?:لا يوجد|لا توجد|ليس|ليست|ما من|لا نضمن|لا ندعي)(?: \S+){0,4} $/u;

const ENGLISH: readonly RegExp[] = [
  /\b(?:100%|100 per ?cent|(?:one )?hundred per ?cent)[ -](?:safe|secured?|private|protected|confidential)\b/g,
  /\b(?:safe|secured?|private|protected|confidential),? (?:to |at )?(?:100%|(?:one )?hundred per ?cent)/g,
  /\b(?:completely|totally|absolutely|perfectly|fully|entirely|utterly|always)[ -](?:safe|secured?|private|protected|confidential)\b/g,
  /\b(?:complete|total|absolute|perfect|full|maximum|ultimate) (?:safety|security|protection|privacy|confidentiality|secrecy)\b/g,
  /\b(?:unhackable|unbreakable|uncrackable|impenetrable|invulnerable|airtight|(?:bullet|hack|fool|tamper|leak)[ -]?proof)\b/g,
  /\b(?:cannot|can't|can not|can never|could never) (?:ever )?be (?:hacked|breached|broken|cracked|compromised|intercepted|decrypted|stolen)\b/g,
  /\bimpossible to (?:hack|breach|break|crack|compromise|intercept|decrypt|steal)\b/g,
  /\b(?:zero|without(?: any)?|no) risks?\b|\brisk[ -]free\b/g,
  /\b(?:guarantees?|guaranteed|guaranteeing) (?:the |your |full )?(?:safety|security|protection|privacy|confidentiality)\b/g,
  /\b(?:safety|security|protection|privacy|confidentiality) (?:is |are )?guaranteed\b/g,
];

const ARABIC: readonly RegExp[] = [
  /(?<![a-z\u0620-\u06d3])(?:امن|امنه|محمي|محميه|سري|سريه) (?:تماما|بالكامل|كليا|كل الامان|دايما|(?:بنسبه )?100%)/gu,
  /(?:بنسبه )?100% (?:امن|امنه|محمي|محميه|سري|سريه)(?![a-z\u0620-\u06d3])/gu,
  /(?<![a-z\u0620-\u06d3])(?:ال)?(?:امان|امن|حمايه|سريه|خصوصيه) (?:ال)?(?:مطلقه?|كامله?|تامه?)(?![a-z\u0620-\u06d3])/gu,
  /(?<![a-z\u0620-\u06d3])(?:لا يمكن|يستحيل|من المستحيل|مستحيل) (?:اختراق|كسر|اعتراض|سرقه|فك تشفير)/gu,
  /(?<![a-z\u0620-\u06d3])غير قابله? لل?(?:اختراق|لاختراق|كسر)/gu,
  /(?<![a-z\u0620-\u06d3])(?:بلا|بدون|دون|خاليه? من) (?:اي )?(?:ال)?(?:مخاطر|خطر)(?![a-z\u0620-\u06d3])/gu,
  /(?<![a-z\u0620-\u06d3])نضمن (?:لك )?(?:ال)?(?:امن|امان|سريه|خصوصيه|حمايه)/gu,
];

const LIST: readonly Claim[] = [
  ...ENGLISH.map((claim) => ({ claim, unless: DENIED })),
  ...ARABIC.map((claim) => ({ claim, unless: DENIED_IN_ARABIC })),
];

export const absoluteSecurity: WordingRule = {
  name: 'absolute-security',
  sentence: 'This claims absolute security, which no system has.',
  hint: 'Name the measure and what it does: "Texts are sealed under keys of the account".',
  says: (words) => claims(words, LIST),
};
