// The text of a receipt, key by key. SMPP 3.4 appendix B shows one vendor's layout; others drop fields, add their own,
// change order and case, and put spaces around the colons.

/** Keys may have a space inside, so each is looked for as a whole. */
const KEYS = ['id', 'sub', 'dlvrd', 'submit date', 'done date', 'stat', 'err', 'text'] as const;
export type ReceiptKey = (typeof KEYS)[number];

/** The keys by the code of their first letter, to pass over everything else quickly. */
const BY_INITIAL: (readonly ReceiptKey[] | undefined)[] = [];
for (const key of KEYS) BY_INITIAL[key.charCodeAt(0)] = [...(BY_INITIAL[key.charCodeAt(0)] ?? []), key];

const SPACE = 0x20;
const COLON = 0x3a;

/**
 * Every field by its key, in any order, the first of equals; empty ones are left out. The quoted message is not read:
 * behind an id or a state, `text:` ends the search, for what follows could be a forged receipt.
 */
export function receiptFields(text: string): Map<ReceiptKey, string> {
  const lower = text.toLowerCase();
  const fields = new Map<ReceiptKey, string>();
  let atWordStart = true;
  for (let at = 0; at < lower.length; at++) {
    const code = lower.charCodeAt(at);
    const candidates = atWordStart ? BY_INITIAL[code] : undefined;
    atWordStart = isGap(code);
    if (candidates === undefined) continue;
    for (const key of candidates) {
      const colon = lower.startsWith(key, at) ? colonAt(lower, at + key.length) : -1;
      if (colon < 0) continue;
      if (key === 'text' && (fields.has('id') || fields.has('stat'))) return fields;
      const value = key === 'text' ? '' : wordAt(text, lower, colon + 1);
      if (value !== '' && !fields.has(key)) fields.set(key, value);
      // What follows is looked at again: an empty value is followed by the next key.
      at = colon;
      atWordStart = true;
      break;
    }
  }
  return fields;
}

/** The position of the colon behind optional spaces; -1 when something else comes first. */
function colonAt(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return text.charCodeAt(at) === COLON ? at : -1;
}

/** The word behind optional spaces; empty when the next field begins there. Whatever else follows is not ours. */
function wordAt(text: string, lower: string, from: number): string {
  let start = from;
  while (text.charCodeAt(start) === SPACE) start++;
  if (start > from && isKey(lower, start)) return '';
  let end = start;
  while (end < text.length && !isGap(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}

/** Whether a field begins at `start`: `err: text:hello` has no error code. */
function isKey(lower: string, start: number): boolean {
  const candidates = BY_INITIAL[lower.charCodeAt(start)];
  return (
    candidates?.some((key) => lower.startsWith(key, start) && colonAt(lower, start + key.length) >= 0) ??
    false
  );
}

const isGap = (code: number): boolean => code <= SPACE || code === 0x2c || code === 0x3b;
