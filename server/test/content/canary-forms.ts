// Every form in which a text could lie on a disk without being sealed. The forms are made here and by nothing of the
// product, so that a fault of its encoders cannot hide a text from the search.
//
// Not covered: compressed forms. PostgreSQL compresses values above 2 kB, which no text of these tests reaches.

export interface Form {
  readonly name: string;
  readonly octets: Buffer;
}

/** GSM 03.38 septets of characters that are the same in ASCII: letters, digits and a few signs (3GPP TS 23.038 §6.2.1). */
const SAME_IN_GSM = /^[A-Za-z0-9 +.,:;=?!"#%&'()*<>/-]+$/;

/** The forms of a text of letters and digits, long enough not to come about by chance. */
export function textForms(text: string): Form[] {
  if (!SAME_IN_GSM.test(text) || text.length < 12) throw new RangeError('the canary has other characters');
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const plain: Form[] = [
    { name: 'UTF-8, ASCII, GSM 7-bit unpacked', octets: utf8 },
    { name: 'UCS-2 little-endian', octets: utf16 },
    { name: 'UCS-2 big-endian', octets: Buffer.from(utf16).swap16() },
    ...packedForms(text),
  ];
  return [
    ...plain,
    ...plain.flatMap(writtenForms),
    { name: 'JSON with every character escaped', octets: Buffer.from(escaped(text)) },
    {
      name: 'JSON with every character escaped, capitals',
      octets: Buffer.from(escaped(text).toUpperCase().replaceAll('\\U', '\\u')),
    },
    {
      name: 'percent-encoded',
      octets: Buffer.from([...utf8].map((octet) => `%${octet.toString(16)}`).join('')),
    },
  ];
}

/** The forms of a telephone number, with or without its plus sign: those of a text, and semi-octets. */
export function numberForms(number: string): Form[] {
  const digits = number.replace('+', '');
  const padded = digits.length % 2 === 0 ? digits : digits.slice(0, -1);
  const swapped = padded.replace(/(.)(.)/g, '$2$1');
  return [
    ...textForms(digits),
    // 3GPP TS 23.040 §9.1.2.3
    { name: 'semi-octets', octets: Buffer.from(swapped, 'hex') },
    { name: 'binary-coded decimal', octets: Buffer.from(padded, 'hex') },
  ];
}

/** What somebody writes of octets: hexadecimal, and base64 at each place within its groups of three. */
function writtenForms({ name, octets }: Form): Form[] {
  const hex = octets.toString('hex');
  return [
    { name: `${name}, hexadecimal`, octets: Buffer.from(hex) },
    { name: `${name}, hexadecimal in capitals`, octets: Buffer.from(hex.toUpperCase()) },
    ...[0, 1, 2].flatMap((before) => {
      const all = Buffer.concat([Buffer.alloc(before), octets]).toString('base64');
      // The first and the last group hold bits of the neighbours too.
      const inner = all.slice(before === 0 ? 0 : 4, -4);
      return [
        { name: `${name}, base64 at ${before}`, octets: Buffer.from(inner) },
        {
          name: `${name}, base64url at ${before}`,
          octets: Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_')),
        },
      ];
    }),
  ];
}

/** Seven bits a character, beginning at any bit of an octet; octets shared with neighbours are left out. */
function packedForms(text: string): Form[] {
  return Array.from({ length: 8 }, (_, shift) => {
    const bits = [...text].flatMap((character) =>
      Array.from({ length: 7 }, (_unused, bit) => (character.charCodeAt(0) >> bit) & 1),
    );
    const placed = [...Array<number>(shift).fill(0), ...bits];
    const octets = Array.from({ length: Math.floor(placed.length / 8) }, (_unused, at) =>
      placed.slice(at * 8, at * 8 + 8).reduce((octet, bit, place) => octet | (bit << place), 0),
    );
    return {
      name: `GSM 7-bit packed at bit ${shift}`,
      octets: Buffer.from(octets.slice(shift === 0 ? 0 : 1)),
    };
  });
}

const escaped = (text: string) =>
  [...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
