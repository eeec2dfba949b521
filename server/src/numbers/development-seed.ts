// The number a development installation starts with, so that a simulated phone has somebody to write to. Production
// refuses to call this (config).
import type { Database } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { addNumber, assignNumber } from './inventory.ts';

export interface NumberSeed {
  /** The connector of the simulated carrier; must exist. */
  readonly connectorId: string;
  /** The demo workspace. */
  readonly workspaceId: string;
}

/** Of the examples in the API's description. */
export const DEMO_NUMBER = '+4915555500001';

/**
 * Adds the demo number to the inventory and assigns it to the demo workspace, and returns it. May be repeated, also by
 * several processes at once: a number that is there stays as it is, also when it was taken back by hand.
 */
export async function seedDevelopmentNumber(db: Database, seed: NumberSeed): Promise<string> {
  await db.batch(async (tx) => {
    const added = await addNumber(tx, { e164: DEMO_NUMBER, connectorId: seed.connectorId });
    if (added.outcome === 'refused') return;
    const assigned = await assignNumber(tx, added.number.id, seed.workspaceId);
    assertInvariant(assigned.outcome === 'done', 'a number just added is available to the demo workspace');
  });
  return DEMO_NUMBER;
}
