// The face of the package: everything that others may use, named. Pure and browser-safe; imports nothing outside.
export type { BidiControl } from './bidi-controls.ts';
export { findBidiControls, stripBidiControls } from './bidi-controls.ts';
export type { Encoding } from './capacity.ts';
export { countBinaryParts, PARTS_MAX, partCapacity, USER_DATA_OCTETS } from './capacity.ts';
export type { Charset, EncodingChoice, EncodingOptions, ForcingCharacter } from './choose-encoding.ts';
export { chooseEncoding, FORCING_LISTED_MAX, findForcing } from './choose-encoding.ts';
export type { CodeConfidence, ExtractedCode } from './codes/extract-code.ts';
export { extractCode } from './codes/extract-code.ts';
export type { DecodedPart, DecodePartOptions } from './decode-part.ts';
export { decodePart } from './decode-part.ts';
export type { EncodedPart, EncodePartOptions } from './encode-part.ts';
export { encodePart } from './encode-part.ts';
export type { SeptetAlphabet } from './gsm/alphabet.ts';
export { alphabetOf, countSeptets, DEFAULT_ALPHABET } from './gsm/alphabet.ts';
export type { Language } from './gsm/languages.ts';
export { fillBitsAfter, packSeptets, unpackSeptets } from './gsm/packing.ts';
export { decodeSeptets, encodeSeptets } from './gsm/septets.ts';
export type { Part, Segmentation, SegmentOptions } from './segment.ts';
export { segment } from './segment.ts';
export type { SingleOctetCharset } from './single-octet.ts';
export { decodeSingleOctet, encodeSingleOctet } from './single-octet.ts';
export type {
  Replacement,
  ReplacementKind,
  TransliterateOptions,
  Transliteration,
} from './transliteration/transliterate.ts';
export { transliterate } from './transliteration/transliterate.ts';
export { decodeUcs2, encodeUcs2, findLoneSurrogate } from './ucs2.ts';
export type { UnsendableReason } from './unsendable-text.ts';
export { UnsendableTextError } from './unsendable-text.ts';
export type { Concatenation, ReferenceBits, UserDataHeader } from './user-data-header.ts';
export { readHeader } from './user-data-header.ts';
