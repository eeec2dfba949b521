// What follows an archive's header: chunks of AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway,
// Vizár 2015). A chunk's nonce is the archive's prefix, the chunk's number, and whether it is the last one:
//
//   prefix 7 | number 4 | last 1
//
// so that chunks cannot be left out, repeated or put in another order, and an archive cannot be cut short at the
// border of one. The header's digest is bound to every chunk. Octets are let out only once their chunk has proved
// genuine; that the archive is whole is known at its end and not before.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { Refusal } from '../errors.ts';
import type { ArchiveKey } from './archive-header.ts';

export const CHUNK_OCTETS = 256 * 1024;
const TAG_OCTETS = 16;
/** A chunk's number has four octets: an archive ends at 1 PiB. */
const CHUNKS_MAX = 0xffff_ffff;

/** Seals what is written into it. */
export const sealChunks = (archive: ArchiveKey): Transform =>
  inPieces(CHUNK_OCTETS, (piece, number, last) => {
    const cipher = createCipheriv('aes-256-gcm', archive.key, nonceOf(archive, number, last));
    cipher.setAAD(digestOf(archive));
    const sealed = Buffer.concat([cipher.update(piece), cipher.final()]);
    return Buffer.concat([sealed, cipher.getAuthTag()]);
  });

/** Opens sealed chunks. Fails with a `Refusal` on the first one that was altered, moved or cut. */
export const openChunks = (archive: ArchiveKey): Transform =>
  inPieces(CHUNK_OCTETS + TAG_OCTETS, (piece, number, last) => {
    if (piece.length < TAG_OCTETS) throw damaged(number);
    const end = piece.length - TAG_OCTETS;
    const decipher = createDecipheriv('aes-256-gcm', archive.key, nonceOf(archive, number, last));
    decipher.setAAD(digestOf(archive));
    decipher.setAuthTag(piece.subarray(end));
    try {
      return Buffer.concat([decipher.update(piece.subarray(0, end)), decipher.final()]);
    } catch (error) {
      throw damaged(number, error);
    }
  });

const damaged = (number: number, cause?: unknown) =>
  new Refusal(
    `The backup is damaged, cut short or was altered (near octet ${number * (CHUNK_OCTETS + TAG_OCTETS)} of its content).`,
    ['take another copy of the backup, or an earlier one'],
    cause,
  );

function nonceOf({ noncePrefix }: ArchiveKey, number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  noncePrefix.copy(nonce);
  nonce.writeUInt32BE(number, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

const digestOf = ({ header }: ArchiveKey) => createHash('sha256').update(header).digest();

/** Cuts a stream into pieces of `size` octets and hands them on; the last one, which may be empty, as such. */
function inPieces(size: number, turn: (piece: Buffer, number: number, last: boolean) => Buffer): Transform {
  let waiting: Buffer[] = [];
  let waits = 0;
  let number = 0;
  function take(last: boolean, done: TransformCallback): void {
    try {
      let all = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
      // More than a piece must wait: only then is the first of them known not to be the last.
      while (all.length > size) {
        if (number === CHUNKS_MAX) throw new Error('An archive has no room for more chunks');
        stream.push(turn(all.subarray(0, size), number, false));
        number += 1;
        all = all.subarray(size);
      }
      if (last) stream.push(turn(all, number, true));
      waiting = [all];
      waits = all.length;
      done();
    } catch (error) {
      done(error as Error);
    }
  }
  const stream = new Transform({
    transform(octets: Buffer, _encoding, done) {
      waiting.push(octets);
      waits += octets.length;
      if (waits > size) take(false, done);
      else done();
    },
    flush: (done) => take(true, done),
  });
  return stream;
}
