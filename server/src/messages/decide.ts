// What becomes of each unit of a flush, decided in order. A unit is what one idempotency key covers: a single
// request, or one chunk of a batch, whose items are decided alone. Pure: the flush has locked the wallets and
// looked the keys up; what is decided here is then written as it stands. Walking in order makes a repeated key
// inside one flush resolve like any other, and a refusal leaves its money for the next item.
import type { Purse } from '#ledger';

/** MACs of an Idempotency-Key (with its operation and chunk) and of the request it came with. */
export interface UnitKey {
  readonly keyMac: Buffer;
  readonly requestMac: Buffer;
}

export interface Unit {
  readonly workspaceId: string;
  readonly key: UnitKey | null;
  /** What each item costs, in micros; zero for test keys. */
  readonly costs: readonly bigint[];
  /** A batch keeps its refusals under its key; a single request is decided anew after a top-up. */
  readonly keepsRefusals: boolean;
}

/** What is stored under an idempotency key. */
export interface Remembered {
  readonly id: string;
  readonly requestMac: Buffer;
  readonly answer: Buffer | null;
}

export type UnitDecision =
  /** For each item what the bonus pays of it, or null where the funds do not suffice. */
  | { readonly kind: 'decided'; readonly fromBonus: readonly (bigint | null)[]; readonly keep: boolean }
  | { readonly kind: 'replayed'; readonly of: Remembered }
  /** An earlier unit of this very flush has the same key; its answer is this one's too. */
  | { readonly kind: 'same_as'; readonly index: number }
  | { readonly kind: 'conflict' };

/** The name of a key in the maps of one flush. */
export const keyName = (workspaceId: string, keyMac: Buffer): string =>
  `${workspaceId}:${keyMac.toString('latin1')}`;

/** Decides every unit in order. `purse` holds what the locked wallets may spend, `known` the keys found, by `keyName`. */
export function decide(
  units: readonly Unit[],
  purse: Purse,
  known: ReadonlyMap<string, Remembered>,
): UnitDecision[] {
  const taken = new Map<string, number>();
  return units.map((unit, index): UnitDecision => {
    const name = unit.key && keyName(unit.workspaceId, unit.key.keyMac);
    if (name !== null && unit.key) {
      const stored = known.get(name);
      if (stored) {
        const same = stored.requestMac.equals(unit.key.requestMac);
        return same ? { kind: 'replayed', of: stored } : { kind: 'conflict' };
      }
      const first = taken.get(name);
      if (first !== undefined) {
        const same = units[first]!.key!.requestMac.equals(unit.key.requestMac);
        return same ? { kind: 'same_as', index: first } : { kind: 'conflict' };
      }
    }
    const fromBonus = unit.costs.map((cost) => {
      const taking = purse.take(unit.workspaceId, cost);
      return taking.outcome === 'granted' ? taking.fromBonusMicros : null;
    });
    const keep = name !== null && (unit.keepsRefusals || fromBonus.every((part) => part !== null));
    if (keep) taken.set(name, index);
    return { kind: 'decided', fromBonus, keep };
  });
}
