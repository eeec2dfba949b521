// Bidirectional controls: invisible characters that reorder what is shown (Unicode Standard Annex #9 §2). In a sender
// name or a link they can make one thing look like another, so checks find them and names are stripped of them. In
// the body of a Hebrew or Arabic text they are legitimate and stay.

/** The controls of Unicode Standard Annex #9, by code point, with their usual abbreviations. */
const CONTROLS: ReadonlyMap<number, string> = new Map([
  [0x061c, 'ALM'],
  [0x200e, 'LRM'],
  [0x200f, 'RLM'],
  [0x202a, 'LRE'],
  [0x202b, 'RLE'],
  [0x202c, 'PDF'],
  [0x202d, 'LRO'],
  [0x202e, 'RLO'],
  [0x2066, 'LRI'],
  [0x2067, 'RLI'],
  [0x2068, 'FSI'],
  [0x2069, 'PDI'],
]);

export interface BidiControl {
  /** Index of the UTF-16 unit. */
  readonly position: number;
  /** Abbreviation of Unicode Standard Annex #9, such as `RLO`. */
  readonly name: string;
}

/** All bidirectional controls of `text`, in text order. */
export function findBidiControls(text: string): BidiControl[] {
  const found: BidiControl[] = [];
  for (let position = 0; position < text.length; position++) {
    const name = CONTROLS.get(text.charCodeAt(position));
    if (name !== undefined) found.push({ position, name });
  }
  return found;
}

/** `text` without bidirectional controls; the same string if there are none. Doing it again changes nothing. */
export function stripBidiControls(text: string): string {
  let stripped = '';
  let kept = 0;
  for (const { position } of findBidiControls(text)) {
    stripped += text.slice(kept, position);
    kept = position + 1;
  }
  return kept === 0 ? text : stripped + text.slice(kept);
}
