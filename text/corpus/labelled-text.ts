// The labelled set for code extraction: one text as a phone would receive it and the one-time code in it, if any.
// All sentences and services were invented for this set; numbers are made up or reserved for fiction.

export type Half = 'tuning' | 'held-out';

export interface LabelledText {
  /** Language and running number, such as `en-07`. Rows keep their place, so ids never move. */
  readonly id: string;
  /** BCP 47 language of the text. */
  readonly language: string;
  readonly text: string;
  /** The code as a person would type it: ASCII digits, groups joined; null where the text holds none. */
  readonly code: string | null;
  /** Rules may be tuned on one half only; the other half is what the README reports. */
  readonly half: Half;
}

/** A row of a language file: the code or null, then the text. */
export type Row = readonly [code: string | null, text: string];

/** Gives rows their ids and halves. */
export function labelled(language: string, rows: readonly Row[]): readonly LabelledText[] {
  return rows.map(([code, text], index) => {
    const id = `${language}-${String(index + 1).padStart(2, '0')}`;
    return { id, language, text, code, half: halfOf(id) };
  });
}

/** Assigns an id to a half by a hash of the id alone (FNV-1a, then a final mix), so no one chose which text is where. */
export function halfOf(id: string): Half {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash & 1) === 0 ? 'tuning' : 'held-out';
}
