// Finds the words of the lists in a folded text. All languages are searched at once: the language of a text is not
// known, service names mix languages, and many texts do.
import { fold, isDigit, isLetter } from './fold.ts';
import { CHINESE_WORDS, JAPANESE_WORDS, KOREAN_WORDS } from './lexicon/east-asian.ts';
import { DUTCH_WORDS, ENGLISH_WORDS, GERMAN_WORDS } from './lexicon/germanic.ts';
import { FRENCH_WORDS, ITALIAN_WORDS, PORTUGUESE_WORDS, SPANISH_WORDS } from './lexicon/romance.ts';
import { ARABIC_WORDS, HEBREW_WORDS, PERSIAN_WORDS } from './lexicon/semitic-and-iranian.ts';
import { POLISH_WORDS, RUSSIAN_WORDS, UKRAINIAN_WORDS } from './lexicon/slavic.ts';
import {
  HINDI_WORDS,
  INDONESIAN_WORDS,
  THAI_WORDS,
  VIETNAMESE_WORDS,
} from './lexicon/south-and-south-east-asian.ts';
import { TURKISH_WORDS } from './lexicon/turkic.ts';
import type { WordKind, WordList } from './lexicon/word-lists.ts';

const LISTS: readonly WordList[] = [
  ARABIC_WORDS,
  CHINESE_WORDS,
  DUTCH_WORDS,
  ENGLISH_WORDS,
  FRENCH_WORDS,
  GERMAN_WORDS,
  HEBREW_WORDS,
  HINDI_WORDS,
  INDONESIAN_WORDS,
  ITALIAN_WORDS,
  JAPANESE_WORDS,
  KOREAN_WORDS,
  PERSIAN_WORDS,
  POLISH_WORDS,
  PORTUGUESE_WORDS,
  RUSSIAN_WORDS,
  SPANISH_WORDS,
  THAI_WORDS,
  TURKISH_WORDS,
  UKRAINIAN_WORDS,
  VIETNAMESE_WORDS,
];

/** Kinds that colour the text around them; the others matter only where they touch a number. */
const CONTEXT_KINDS: readonly WordKind[] = ['code', 'action', 'secrecy', 'notice', 'promotion', 'label'];
const TOUCHING_KINDS: readonly WordKind[] = ['money', 'measure', 'duration', 'label-after'];

interface Entry {
  readonly kind: WordKind;
  readonly atWordStart: boolean;
  readonly atWordEnd: boolean;
}

interface Node {
  readonly next: Map<number, Node>;
  /** Entries that end here; the first whose conditions hold counts. */
  readonly entries: Entry[];
}

/** A word found in the text. */
export interface Hit {
  readonly kind: WordKind;
  readonly start: number;
  readonly end: number;
}

let contextTrie: Node | undefined;
let touchingTrie: Node | undefined;

function buildTrie(kinds: readonly WordKind[]): Node {
  const root: Node = { next: new Map(), entries: [] };
  for (const kind of kinds) {
    for (const list of LISTS) {
      for (const entry of list[kind]?.split('|') ?? []) addEntry(root, entry, kind);
    }
  }
  return root;
}

/** Stems this short begin too many words of other languages (Portuguese `voo`, Dutch `voor`): they match whole words. */
const WHOLE_WORD_MAX = 3;

function addEntry(root: Node, entry: string, kind: WordKind): void {
  const marker = entry[0] === '*' || entry[0] === '^' ? entry[0] : '';
  const marked = entry.endsWith('$') && entry.length > 1;
  const word = fold(entry.slice(marker.length, marked ? -1 : undefined));
  const atWordEnd = marked || (separatesWords(word.charCodeAt(0)) && word.length <= WHOLE_WORD_MAX);
  const atWordStart = marker === '^' || (marker === '' && separatesWords(word.charCodeAt(0)));
  let node = root;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    let next = node.next.get(unit);
    if (next === undefined) {
      next = { next: new Map(), entries: [] };
      node.next.set(unit, next);
    }
    node = next;
  }
  node.entries.push({ kind, atWordStart, atWordEnd });
}

/** Whether a script puts words apart so that a stem can be tied to the start of one: Latin, Greek and Cyrillic. */
function separatesWords(unit: number): boolean {
  return isLetter(unit) && unit < 0x0530;
}

/** The longest entry that matches at `at`, or null. */
function matchAt(folded: string, at: number, root: Node): Hit | null {
  const startsWord = at === 0 || !isLetter(folded.charCodeAt(at - 1));
  let best: Hit | null = null;
  let node: Node | undefined = root;
  for (let i = at; i < folded.length; i++) {
    node = node.next.get(folded.charCodeAt(i));
    if (node === undefined) break;
    for (const entry of node.entries) {
      if (entry.atWordStart && !startsWord) continue;
      if (entry.atWordEnd && i + 1 < folded.length && isLetter(folded.charCodeAt(i + 1))) continue;
      best = { kind: entry.kind, start: at, end: i + 1 };
      break;
    }
  }
  return best;
}

/** Words that colour the text, in text order, without overlaps; the longest at each place. Linear in the text. */
export function findContext(folded: string): Hit[] {
  contextTrie ??= buildTrie(CONTEXT_KINDS);
  const hits: Hit[] = [];
  for (let at = 0; at < folded.length; at++) {
    if (isDigit(folded.charCodeAt(at))) continue;
    const hit = matchAt(folded, at, contextTrie);
    if (hit === null) continue;
    hits.push(hit);
    at = hit.end - 1;
  }
  return hits;
}

/** What touches a number that ends at `end`, after one space at most: money, a measure, a span of time, a label. */
export function kindAfter(folded: string, end: number): WordKind | null {
  touchingTrie ??= buildTrie(TOUCHING_KINDS);
  const at = folded[end] === ' ' || folded[end] === '\u00a0' ? end + 1 : end;
  return matchAt(folded, at, touchingTrie)?.kind ?? null;
}

/** Longest money word, in units. */
const MONEY_WORD_MAX = 8;

/** Whether a money word ends where a number starts, with one space between at most. */
export function hasMoneyBefore(folded: string, start: number): boolean {
  touchingTrie ??= buildTrie(TOUCHING_KINDS);
  const space = folded[start - 1] === ' ' || folded[start - 1] === '\u00a0';
  const end = space ? start - 1 : start;
  for (let at = end - 1; at >= 0 && at >= end - MONEY_WORD_MAX; at--) {
    const unit = folded.charCodeAt(at);
    if (isDigit(unit) || unit === 0x20) return false;
    const hit = matchAt(folded.slice(0, end), at, touchingTrie);
    if (hit !== null && hit.kind === 'money' && hit.end === end) return true;
  }
  return false;
}
