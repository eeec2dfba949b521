// Sealing and opening what is in documents. All documents of a check are under one key of that check, in chunks that
// are bound to their document and their place in it: none opens in another's stead.
import type { Keyring, Place, Sealed } from '#privacy';

/** Octets of one chunk before it is sealed: a row that neither the database nor its log is slow with. */
export const CHUNK_BYTES = 262_144;

export const documentsKey = (keyring: Keyring, checkId: string) =>
  keyring.keyId({ class: 'identity_check', checkId });

/** Before anything is sealed: when it resolves, the key is durable. False when it was destroyed. May be repeated. */
export async function ensureDocumentsKey(keyring: Keyring, checkId: string): Promise<boolean> {
  const [key] = await keyring.ensure([{ class: 'identity_check', checkId }]);
  return key!.state === 'living';
}

/** The chunks of a document in their order. */
export function sealDocument(
  keyring: Keyring,
  checkId: string,
  documentId: string,
  octets: Buffer,
): Sealed[] {
  const chunks: Sealed[] = [];
  for (let at = 0; at < octets.length; at += CHUNK_BYTES) {
    const place = placeOf(keyring, checkId, documentId, chunks.length);
    chunks.push(keyring.seal(place, octets.subarray(at, at + CHUNK_BYTES)));
  }
  return chunks;
}

/** The octets of a document; null once its key is destroyed. Throws `SealBroken` when a chunk was altered or moved. */
export async function openDocument(
  keyring: Keyring,
  checkId: string,
  documentId: string,
  chunks: readonly Buffer[],
): Promise<Buffer | null> {
  await keyring.load([documentsKey(keyring, checkId)]);
  const pieces: Buffer[] = [];
  for (const [number, chunk] of chunks.entries()) {
    const opened = keyring.open(placeOf(keyring, checkId, documentId, number), chunk);
    if (opened.state !== 'open') return null;
    pieces.push(opened.plaintext);
  }
  return Buffer.concat(pieces);
}

const placeOf = (keyring: Keyring, checkId: string, documentId: string, number: number): Place => ({
  column: 'identity.document_chunk.content',
  rowId: `${documentId},${number}`,
  ownerId: checkId,
  keyId: documentsKey(keyring, checkId),
});
