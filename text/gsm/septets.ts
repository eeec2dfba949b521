// Text to septets and back, one septet an octet: the form in which SMPP normally carries GSM 03.38.
import { UnsendableTextError } from '../unsendable-text.ts';
import type { SeptetAlphabet } from './alphabet.ts';
import { ABSENT, countSeptets, DEFAULT_ALPHABET, ESCAPE, ESCAPED } from './alphabet.ts';

const SPACE = 0x20;
const REPLACEMENT = 0xfffd;

/** Writes the septets of `text` into `into` from `offset` and answers the offset after them. */
export function writeSeptets(
  text: string,
  alphabet: SeptetAlphabet,
  into: Uint8Array,
  offset: number,
): number {
  const codes = alphabet.codeByUnit;
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const code = unit < codes.length ? codes[unit]! : ABSENT;
    if (code === ABSENT) throw new UnsendableTextError('unencodable', i);
    if (code >= ESCAPED) into[at++] = ESCAPE;
    into[at++] = code & 0x7f;
  }
  return at;
}

/**
 * Septets of `text`, one an octet. Characters of the single shift table become an escape and a septet.
 * Throws `UnsendableTextError` (`unencodable`) at the first character that the alphabet lacks.
 */
export function encodeSeptets(text: string, alphabet: SeptetAlphabet = DEFAULT_ALPHABET): Uint8Array {
  const count = countSeptets(text, alphabet);
  const septets = new Uint8Array(count < 0 ? 2 * text.length : count);
  writeSeptets(text, alphabet, septets, 0);
  return septets;
}

/**
 * Text of septets, one an octet. Never throws, because it reads what strangers sent: an octet above 0x7F becomes
 * U+FFFD; an escape before a position without meaning is skipped, so that the position shows its plain character
 * (3GPP TS 23.038 §6.2.1.1); a doubled or final escape and undefined positions of a national table show a space.
 */
export function decodeSeptets(septets: Uint8Array, alphabet: SeptetAlphabet = DEFAULT_ALPHABET): string {
  const units = new Array<number>(septets.length);
  let count = 0;
  for (let i = 0; i < septets.length; i++) {
    let code = septets[i]!;
    if (code === ESCAPE) {
      const next = i + 1 < septets.length ? septets[i + 1]! : ESCAPE;
      i++;
      if (next === ESCAPE) {
        units[count++] = SPACE;
        continue;
      }
      const shifted = next < 128 ? alphabet.unitByEscapedCode[next]! : ABSENT;
      if (shifted !== ABSENT) {
        units[count++] = shifted;
        continue;
      }
      code = next;
    }
    const unit = code < 128 ? alphabet.unitByCode[code]! : REPLACEMENT;
    units[count++] = unit === ABSENT ? SPACE : unit;
  }
  units.length = count;
  return stringOfUnits(units);
}

/** Arguments of one call are bounded by the stack, so long inputs are joined from pieces. */
const UNITS_PER_CALL = 4096;

function stringOfUnits(units: number[]): string {
  if (units.length <= UNITS_PER_CALL) return String.fromCharCode(...units);
  let text = '';
  for (let i = 0; i < units.length; i += UNITS_PER_CALL) {
    text += String.fromCharCode(...units.slice(i, i + UNITS_PER_CALL));
  }
  return text;
}
