// The frames of a relay. Pure: octets in, frames out.
//
//   length 4 | request 4 | kind 1 | body          length counts what follows it; big-endian
//
// The body is JSON. Texts in it may hold half a surrogate pair, which JSON carries as an escape.

export const FRAME_KINDS = ['deposit', 'read', 'answer', 'fault'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

export interface Frame {
  readonly request: number;
  readonly kind: FrameKind;
  readonly body: Buffer;
}

/** Above the memory of one workspace in JSON with every character escaped (budget.ts: 1 MiB). */
export const FRAME_BYTES_MAX = 8_388_608;
const LENGTH_BYTES = 4;
const HEAD_BYTES = 5;

/** The frame broke a bound or makes no sense; the connection cannot go on. Quotes nothing. */
export class FrameFault extends Error {
  constructor(what: string) {
    super(`A frame of a relay ${what}`);
    this.name = 'FrameFault';
  }
}

/** Throws `FrameFault` for a body that no reader would take. */
export function writeFrame(request: number, kind: FrameKind, value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const length = HEAD_BYTES + body.length;
  if (length > FRAME_BYTES_MAX) throw new FrameFault('is too long');
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + length);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt32BE(request, LENGTH_BYTES);
  frame.writeUInt8(FRAME_KINDS.indexOf(kind), LENGTH_BYTES + 4);
  body.copy(frame, LENGTH_BYTES + HEAD_BYTES);
  body.fill(0);
  return frame;
}

export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Takes octets and gives the frames they complete. Throws `FrameFault`; then the stream is lost. */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= LENGTH_BYTES) {
      const length = this.#peek(LENGTH_BYTES).readUInt32BE(0);
      if (length < HEAD_BYTES) throw new FrameFault('is too short');
      if (length > FRAME_BYTES_MAX) throw new FrameFault('is too long');
      if (this.#bytes < LENGTH_BYTES + length) return;
      const octets = this.#peek(LENGTH_BYTES + length);
      this.#drop(LENGTH_BYTES + length);
      const kind = FRAME_KINDS[octets.readUInt8(LENGTH_BYTES + 4)];
      if (kind === undefined) throw new FrameFault('is of no known kind');
      yield {
        request: octets.readUInt32BE(LENGTH_BYTES),
        kind,
        body: octets.subarray(LENGTH_BYTES + HEAD_BYTES),
      };
    }
  }

  #peek(bytes: number): Buffer {
    if ((this.#chunks[0]?.length ?? 0) < bytes) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!.subarray(0, bytes);
  }

  #drop(bytes: number): void {
    const rest = this.#chunks[0]!.subarray(bytes);
    this.#chunks[0] = rest;
    if (rest.length === 0) this.#chunks.shift();
    this.#bytes -= bytes;
  }
}
