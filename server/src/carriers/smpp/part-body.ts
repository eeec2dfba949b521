// The octets of one part as a connector's carrier reads them: character set, packing, and the header that ties parts
// together.
import {
  countSeptets,
  DEFAULT_ALPHABET,
  encodeSeptets,
  fillBitsAfter,
  packSeptets,
  partCapacity,
} from '@sotto/text';
import { writeSeptets } from '@sotto/text/gsm/septets';
import { writeUcs2 } from '@sotto/text/ucs2';
import { writeHeader } from '@sotto/text/user-data-header';
import type { PartToSubmit } from '../port.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';

/** data_coding values (SMPP 3.4 §5.2.19). */
const CODING_DEFAULT = 0x00;
const CODING_UCS2 = 0x08;

export interface PartBody {
  readonly dataCoding: number;
  /** Octets of the user data header at the start; above 0 the header indicator must be set. */
  readonly headerOctets: number;
  readonly octets: Buffer;
}

const NO_HEADER = Object.freeze({ octets: 0, bits: 8 as 8 | 16 });

/**
 * Encodes a part; null when this carrier's alphabets cannot carry its text in one part. A GSM text on a Latin-1 or
 * ASCII connector that has characters outside goes as UCS-2 where that fits.
 */
export function partBody(
  settings: Pick<ConnectorSettings, 'defaultAlphabet' | 'longMessages'>,
  part: PartToSubmit,
): PartBody | null {
  const header = headerOf(settings.longMessages, part);
  if (part.encoding === 'ucs2') return ucs2Body(part, header);
  switch (settings.defaultAlphabet) {
    case 'gsm7':
      return septetBody(part, header);
    case 'gsm7_packed':
      return packedBody(part, header);
    case 'latin1':
    case 'ascii': {
      const highest = settings.defaultAlphabet === 'latin1' ? 0xff : 0x7f;
      return singleOctetBody(part, header, highest) ?? ucs2Fallback(part, header);
    }
  }
}

interface Header {
  readonly octets: number;
  readonly bits: 8 | 16;
}

const HEADER_8 = Object.freeze({ octets: 6, bits: 8 as const });
const HEADER_16 = Object.freeze({ octets: 7, bits: 16 as const });

function headerOf(longMessages: ConnectorSettings['longMessages'], part: PartToSubmit): Header {
  if (part.concat === null || part.concat.total < 2 || longMessages === 'sar') return NO_HEADER;
  return longMessages === 'udh16' ? HEADER_16 : HEADER_8;
}

function start(part: PartToSubmit, header: Header, octets: number): Buffer {
  const into = Buffer.allocUnsafe(header.octets + octets);
  if (header.octets > 0) {
    const { reference, total, sequence } = part.concat!;
    writeHeader({ referenceBits: header.bits, reference, total, sequence }, null, null, into);
  }
  return into;
}

function ucs2Body(part: PartToSubmit, header: Header): PartBody {
  const octets = start(part, header, 2 * part.text.length);
  writeUcs2(part.text, octets, header.octets);
  return { dataCoding: CODING_UCS2, headerOctets: header.octets, octets };
}

function septetBody(part: PartToSubmit, header: Header): PartBody | null {
  const septets = countSeptets(part.text, DEFAULT_ALPHABET);
  if (septets < 0) return null;
  const octets = start(part, header, septets);
  writeSeptets(part.text, DEFAULT_ALPHABET, octets, header.octets);
  return { dataCoding: CODING_DEFAULT, headerOctets: header.octets, octets };
}

function packedBody(part: PartToSubmit, header: Header): PartBody | null {
  if (countSeptets(part.text, DEFAULT_ALPHABET) < 0) return null;
  const fillBits = header.octets === 0 ? 0 : fillBitsAfter(header.octets);
  const packed = packSeptets(encodeSeptets(part.text), fillBits);
  const octets = start(part, header, packed.length);
  octets.set(packed, header.octets);
  return { dataCoding: CODING_DEFAULT, headerOctets: header.octets, octets };
}

function singleOctetBody(part: PartToSubmit, header: Header, highest: number): PartBody | null {
  const { text } = part;
  const octets = start(part, header, text.length);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > highest) return null;
    octets[header.octets + at] = unit;
  }
  return { dataCoding: CODING_DEFAULT, headerOctets: header.octets, octets };
}

function ucs2Fallback(part: PartToSubmit, header: Header): PartBody | null {
  const referenceBits = part.concat === null ? null : header.bits;
  const capacity = partCapacity('ucs2', { referenceBits, locking: null, single: null });
  return part.text.length <= capacity ? ucs2Body(part, header) : null;
}
