// The asking end: homes in other processes, one connection to each, made when it is first used.
import { connect, type TLSSocket } from 'node:tls';
import {
  type Deposit,
  type DepositOutcome,
  type DepositPiece,
  type HomeLinks,
  type HomePort,
  type MemoryRead,
  type MemoryText,
  StaleHome,
} from '#numbers';
import { type Frame, type FrameKind, FrameReader, writeFrame } from './frames.ts';
import { depositAnswer, faultBody, readAnswer } from './relay-body.ts';
import { clientOptions, type RelayKeys } from './relay-keys.ts';

export interface RelayLinks extends HomeLinks {
  /** Cuts all connections; what was asked is answered by a rejection. */
  stop(): void;
}

/** A carrier waits for our answer, so a home that does not answer soon is taken for one that does not answer. */
const ANSWER_MS_MAX = 3_000;
const CONNECT_MS_MAX = 2_000;
/** Below what the other end serves at once (relay.ts). */
const ASKED_MAX = 48;
/** Characters of a deposit, escapes reckoned in; more are split over several frames. */
const DEPOSIT_CHARACTERS_MAX = 1_048_576;
const ESCAPED = 6;

/** The other end did not answer. Names neither the address nor what was asked. */
export class RelayFault extends Error {
  constructor(what: string) {
    super(`A relay ${what}`);
    this.name = 'RelayFault';
  }
}

export function openLinks(keys: RelayKeys): RelayLinks {
  const links = new Map<string, Link>();
  const linkTo = (address: string): Link => {
    const known = links.get(address);
    if (known?.usable) return known;
    const link = new Link(address, keys);
    links.set(address, link);
    return link;
  };
  return {
    to: (address) => portOver((kind, value) => linkTo(address).ask(kind, value)),
    stop() {
      for (const link of links.values()) link.end('was stopped');
      links.clear();
    },
  };
}

function portOver(ask: (kind: FrameKind, value: unknown) => Promise<unknown>): HomePort {
  return {
    async deposit({ token, pieces }: Deposit): Promise<DepositOutcome[]> {
      const outcomes: DepositOutcome[] = [];
      // One after the other: when a frame is not answered, those behind it are not taken either.
      for (const some of splitDeposit(pieces)) {
        try {
          const answered = depositAnswer.parse(await ask('deposit', { token, pieces: some }));
          if (answered.length !== some.length) throw new RelayFault('answered for other pieces');
          outcomes.push(...answered);
        } catch (error) {
          if (outcomes.length === 0) throw error;
          return [...outcomes, ...Array<DepositOutcome>(pieces.length - outcomes.length).fill('refused')];
        }
      }
      return outcomes;
    },
    async read(read: MemoryRead): Promise<MemoryText[]> {
      return readAnswer.parse(await ask('read', read));
    },
  };
}

/** Pieces in order, cut so that each frame stays far below its bound. A single piece always fits. */
function splitDeposit(pieces: readonly DepositPiece[]): DepositPiece[][] {
  const frames: DepositPiece[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const piece of pieces) {
    const own = piece.content.length * ESCAPED;
    if (characters + own > DEPOSIT_CHARACTERS_MAX) {
      frames.push([]);
      characters = 0;
    }
    frames.at(-1)!.push(piece);
    characters += own;
  }
  return frames;
}

interface Asked {
  readonly answer: (value: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

class Link {
  readonly #socket: TLSSocket;
  readonly #asked = new Map<number, Asked>();
  #requests = 0;
  #ended = false;

  constructor(address: string, keys: RelayKeys) {
    const at = address.lastIndexOf(':');
    const host = address.slice(0, at).replace(/^\[|\]$/g, '');
    const reader = new FrameReader();
    this.#socket = connect({ ...clientOptions(keys), host, port: Number(address.slice(at + 1)) });
    this.#socket.setNoDelay(true);
    const late = setTimeout(() => this.end('did not connect in time'), CONNECT_MS_MAX);
    this.#socket.once('secureConnect', () => clearTimeout(late));
    this.#socket.on('close', () => {
      clearTimeout(late);
      this.end('was closed');
    });
    this.#socket.on('error', () => this.end('was lost'));
    this.#socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of reader.push(chunk)) this.#take(frame);
      } catch {
        this.end('answered out of form');
      }
    });
  }

  get usable(): boolean {
    return !this.#ended;
  }

  /** Resolves with the answer. Rejects with `StaleHome`, or with `RelayFault` when there is none in time. */
  ask(kind: FrameKind, value: unknown): Promise<unknown> {
    if (this.#ended) return Promise.reject(new RelayFault('was lost'));
    if (this.#asked.size >= ASKED_MAX) return Promise.reject(new RelayFault('is busy'));
    return new Promise((answer, fail) => {
      const request = ++this.#requests % 0x1_0000_0000;
      // Nobody knows what a silent end has taken: the whole connection is given up, not one answer.
      const timer = setTimeout(() => this.end('did not answer in time'), ANSWER_MS_MAX);
      this.#asked.set(request, { answer, fail, timer });
      this.#socket.write(writeFrame(request, kind, value));
    });
  }

  end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { fail, timer } of this.#asked.values()) {
      clearTimeout(timer);
      fail(new RelayFault(why));
    }
    this.#asked.clear();
    this.#socket.destroy();
  }

  #take({ request, kind, body }: Frame): void {
    const asked = this.#asked.get(request);
    if (asked === undefined) return;
    const value: unknown = JSON.parse(body.toString());
    body.fill(0);
    this.#asked.delete(request);
    clearTimeout(asked.timer);
    if (kind === 'answer') asked.answer(value);
    else if (faultBody.safeParse(value).data?.fault === 'stale') asked.fail(new StaleHome());
    else asked.fail(new RelayFault('could not be served'));
  }
}
