// What Apple signs: a compact JWS (RFC 7515) under ES256, whose header carries its certificates. It is believed when these
// are three, each issued by the next, the last one pinned here, with the marks Apple gives to what signs for the App
// Store, and all valid when it was signed. Apple's own library is not used: it skips every check for two of its
// environments, and fetches over HTTP by itself.
import { createHash, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { compactVerify, decodeProtectedHeader } from 'jose';
import * as z from 'zod';
import { parseJson } from '../parse-json.ts';

/** SHA-256 of Apple Root CA - G3 (apple.com/certificateauthority), which the App Store signs under until 2039. */
export const APPLE_ROOT_SHA256 = '63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179';

/** Of the certificate that signs for the App Store, and of who issues it (Apple's Worldwide Developer Relations). */
const LEAF_MARK = '1.2.840.113635.100.6.11.1';
const INTERMEDIATE_MARK = '1.2.840.113635.100.6.2.1';

/** A certificate of Apple's has about a thousand octets. */
const CERTIFICATE_CHARACTERS_MAX = 8_000;

const header = z.object({
  x5c: z.array(z.base64().min(1).max(CERTIFICATE_CHARACTERS_MAX)).length(3),
});
const dated = z.object({ signedDate: z.int().min(0).max(Number.MAX_SAFE_INTEGER) });

type Chain = readonly [leaf: X509Certificate, intermediate: X509Certificate, root: X509Certificate];

/**
 * The payload of what Apple signed, or null for what it did not. `roots`: SHA-256 of the certificates that are believed,
 * in lower-case hexadecimal. Never throws; asks nobody.
 */
export async function openSigned(signed: string, roots: ReadonlySet<string>): Promise<unknown> {
  try {
    const chain = chainOf(header.parse(decodeProtectedHeader(signed)).x5c);
    if (!isApples(chain, roots)) return null;
    const { payload } = await compactVerify(signed, chain[0].publicKey, { algorithms: ['ES256'] });
    const told = parseJson(payload);
    const { signedDate } = dated.parse(told);
    return chain.every((each) => isValidAt(each, signedDate)) ? told : null;
  } catch {
    // Whatever cannot be read as one was not signed by Apple.
    return null;
  }
}

function chainOf(x5c: readonly string[]): Chain {
  const [leaf, intermediate, root] = x5c.map((each) => new X509Certificate(Buffer.from(each, 'base64')));
  return [leaf!, intermediate!, root!];
}

const isApples = ([leaf, intermediate, root]: Chain, roots: ReadonlySet<string>): boolean =>
  roots.has(createHash('sha256').update(root.raw).digest('hex')) &&
  isIssuedBy(intermediate, root) &&
  isIssuedBy(leaf, intermediate) &&
  !leaf.ca &&
  isMarked(intermediate, INTERMEDIATE_MARK) &&
  isMarked(leaf, LEAF_MARK);

const isIssuedBy = (subject: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);

/** Node reads certificates and does not show their extensions. */
const isMarked = ({ raw }: X509Certificate, mark: string): boolean =>
  AsnConvert.parse(raw, Certificate).tbsCertificate.extensions?.some(({ extnID }) => extnID === mark) ===
  true;

const isValidAt = ({ validFromDate, validToDate }: X509Certificate, ms: number): boolean =>
  validFromDate.getTime() <= ms && ms <= validToDate.getTime();
