// The port between whoever has a part or wants texts, and the home that keeps them: in this process, or in another one
// behind a relay. Both pass home-port.contract.ts.
import type { Concatenation, ContentForm } from '../inbound-part.ts';

/** A part whose home is known. */
export interface DepositPiece {
  readonly assignmentId: string;
  /** The epoch under which the depositor knows the home; an older one than the home has seen is refused. */
  readonly epoch: string;
  readonly workspaceId: string;
  readonly connectorId: string;
  readonly from: string;
  /** E.164 with `+`. */
  readonly to: string;
  readonly form: ContentForm;
  /** The text, or octets in `latin1` notation. */
  readonly content: string;
  readonly concat: Concatenation | null;
  readonly possibleRepeat: boolean;
}

/** Pieces of one deposit at most. */
export const DEPOSIT_PIECES_MAX = 256;

/**
 * What became of a piece:
 * - `stored`: its text can be read now;
 * - `waiting`: in memory, until the other parts are there;
 * - `duplicate`: the same part was there already;
 * - `refused`: there is no room, or the home knows a newer epoch. The carrier must keep it.
 */
export type DepositOutcome = 'stored' | 'waiting' | 'duplicate' | 'refused';

export interface Deposit {
  /** The home that is meant. */
  readonly token: string;
  readonly pieces: readonly DepositPiece[];
}

export interface MemoryRead {
  readonly token: string;
  readonly workspaceId: string;
  /** This text alone; null for a page. */
  readonly only: string | null;
  readonly before: string | null;
  readonly limit: number;
  readonly given: number;
  /** Milliseconds since the epoch. */
  readonly receivedFrom: number | null;
  readonly receivedBefore: number | null;
}

/** A text as it leaves its home. */
export interface MemoryText {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly form: ContentForm;
  readonly content: Buffer;
  readonly segments: number;
  readonly complete: boolean;
  /** Milliseconds since the epoch, of the database's clock. */
  readonly receivedAt: number;
}

/** Rejects with `StaleHome` when it is not, or no longer, the home that was meant, and with anything else when it
 * cannot be reached; nothing was taken or read then. */
export interface HomePort {
  /** Answers for each piece, in order, once what it took is in memory. At most `DEPOSIT_PIECES_MAX`. */
  deposit(deposit: Deposit): Promise<DepositOutcome[]>;
  /** Texts of a workspace, newest first; those given are wiped when the grace is over. May be repeated until then. */
  read(read: MemoryRead): Promise<MemoryText[]>;
}

/** Ways to homes in other processes. */
export interface HomeLinks {
  /** The home at an address, as `numbers.home` has it. Connects when it is first used. */
  to(address: string): HomePort;
}

/** The home that was meant has lost its lease, or never had this name. */
export class StaleHome extends Error {
  constructor() {
    super('This process is not the home that was meant, or not any more');
    this.name = 'StaleHome';
  }
}
