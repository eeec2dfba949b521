// How files lie in an archive, before compression and sealing: frames of `kind 1 | length 4 | content`.
//
//   (folder | file data*)* manifest
//
// A file's length is not told before its content, because a database's files grow and shrink while they are read.
import { Refusal } from '../errors.ts';

export const FRAME = { folder: 1, file: 2, data: 3, manifest: 4 } as const;
export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

/** Longest content of a frame, by kind, so that nothing read from an archive decides how much memory it takes. */
const OCTETS_MAX: Readonly<Record<FrameKind, number>> = {
  [FRAME.folder]: 4_096,
  [FRAME.file]: 4_096,
  [FRAME.data]: 1_048_576,
  [FRAME.manifest]: 256 * 1_048_576,
};
const HEAD_OCTETS = 5;

export interface Frame {
  readonly kind: FrameKind;
  readonly content: Buffer;
}

/** A frame as it is written. */
export function frame(kind: FrameKind, content: Buffer): Buffer {
  if (content.length > OCTETS_MAX[kind]) throw new RangeError('A frame of an archive is too long');
  const head = Buffer.alloc(HEAD_OCTETS);
  head[0] = kind;
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
}

/** Frames out of octets that come in any pieces. Throws a `Refusal` on what is no frame, and on half of one. */
export async function* frames(pieces: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let waiting: Buffer[] = [];
  let waits = 0;
  let wanted = HEAD_OCTETS;
  for await (const piece of pieces) {
    waiting.push(piece);
    waits += piece.length;
    if (waits < wanted) continue;
    let all = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
    for (;;) {
      wanted = HEAD_OCTETS;
      if (all.length < wanted) break;
      const kind = kindOf(all[0]!);
      const length = all.readUInt32BE(1);
      if (length > OCTETS_MAX[kind]) throw malformed();
      wanted += length;
      if (all.length < wanted) break;
      yield { kind, content: all.subarray(HEAD_OCTETS, wanted) };
      all = all.subarray(wanted);
    }
    waiting = [all];
    waits = all.length;
  }
  if (waits > 0) throw malformed();
}

function kindOf(octet: number): FrameKind {
  for (const kind of Object.values(FRAME)) if (kind === octet) return kind;
  throw malformed();
}

export const malformed = () =>
  new Refusal('The content of the backup is not what this release writes.', [
    'restore it with the release that wrote it, then upgrade',
    'take another copy of the backup, or an earlier one',
  ]);
