// The QR code of a simplified tax invoice in Saudi Arabia, phase 1 (ZATCA, Security Features Implementation Standards:
// tag, length and value, in Base64): seller, tax number, time, total and tax.
import { encode } from 'uqr';

const VALUE_BYTES_MAX = 255;

export interface TaxStamp {
  readonly sellerName: string;
  readonly sellerTaxId: string;
  readonly issuedAt: Date;
  /** Decimal text in the currency of the invoice. */
  readonly total: string;
  readonly tax: string;
}

/** Tags 1 to 5 with their lengths in octets of UTF-8, as Base64. Throws for a value of more than 255 octets. */
export function tlvOf(stamp: TaxStamp): string {
  const { sellerName, sellerTaxId, issuedAt, total, tax } = stamp;
  const time = `${issuedAt.toISOString().slice(0, 19)}Z`;
  const fields = [sellerName, sellerTaxId, time, total, tax].map((text, at) => {
    const value = Buffer.from(text, 'utf8');
    if (value.length > VALUE_BYTES_MAX) throw new RangeError(`tag ${at + 1} takes ${VALUE_BYTES_MAX} octets`);
    return Buffer.concat([Buffer.from([at + 1, value.length]), value]);
  });
  return Buffer.concat(fields).toString('base64');
}

/** The modules of a code as one path of an SVG, four modules of margin around them (ISO/IEC 18004 §9.1). */
export function svgOf(text: string, title: string): string {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    `<svg viewBox="0 0 ${size} ${size}" width="160" height="160" role="img" aria-label="${title}" ` +
    `shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`
  );
}
