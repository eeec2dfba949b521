// A clock that a test moves by hand, and pieces to put into a memory.
import type { DepositPiece } from '../home-port.ts';

export function handClock() {
  let now = 1_000_000;
  return {
    nowMs: () => now,
    advance(ms: number) {
      now += ms;
    },
  };
}

export const WORKSPACE = '01890000-0000-7000-8000-000000000001';

export const aPiece = (content: string, change: Partial<DepositPiece> = {}): DepositPiece => ({
  assignmentId: '01890000-0000-7000-8000-0000000000a1',
  epoch: '1',
  workspaceId: WORKSPACE,
  connectorId: '01890000-0000-7000-8000-0000000000c1',
  from: '+4915123450001',
  to: '+4915555000001',
  form: 'text',
  content,
  concat: null,
  possibleRepeat: false,
  ...change,
});

/** The parts of one long text. */
export const longPieces = (
  contents: readonly string[],
  reference: number,
  change: Partial<DepositPiece> = {},
) =>
  contents.map((content, at) =>
    aPiece(content, { concat: { reference, bits: 8, total: contents.length, sequence: at + 1 }, ...change }),
  );
