// A text as the rules of the lint read it: what can be written in many ways is written in one, so that no claim hides
// behind a full-width letter, an invisible character, a vowel mark or an Arabic digit.

/** Longer texts are read up to here; the grammar of a policy allows less. */
const LENGTH_MAX = 20_000;

/** What decomposition leaves in several spellings. */
const ONE_SPELLING: Readonly<Record<string, string>> = { ٱ: 'ا', ى: 'ي', ة: 'ه', '٪': '%' };

/** Lower case, compatibility forms resolved, without marks and invisible characters, single spaces. */
export function plainWords(text: string): string {
  return text
    .slice(0, LENGTH_MAX)
    .normalize('NFKD')
    .replace(/[\p{Mn}\p{Cf}\u0640]/gu, '')
    .normalize('NFC')
    .replace(/[ٱىة٪]/g, (letter) => ONE_SPELLING[letter]!)
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.codePointAt(0)! & 15))
    .replace(/[‘’‛ʼ`]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/ %/g, '%')
    .trim();
}
