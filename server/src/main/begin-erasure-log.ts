// A new erasure log in the place of one that is lost, at the operator's word. Database and key store are told about it,
// so that from then on it is the one they insist on.
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import type { ErasureMark } from '#privacy';
import type { ErasurePlace } from '#privacy/erasures';
import type { GateParts } from './erasure-gate.ts';
import { erasureMemory } from './erasure-memory.ts';
import { openGround } from './ground.ts';

export interface BegunLog {
  readonly place: string;
  readonly log: string;
  /** Where the log went that was there. */
  readonly setAside: string | null;
}

/** Begins the log anew. Throws a Refusal when the one that is there is whole and the one that is wanted. */
export async function beginErasureLog(config: Config): Promise<BegunLog> {
  let place = '';
  let setAside: string | null = null;
  const openErasures = async ({ place: at, ownerUrl, keyStore }: GateParts) => {
    const memory = erasureMemory(ownerUrl);
    place = at.name;
    if (await at.exists()) {
      if (await isWanted(at, [await memory.read(), await keyStore.erasuresApplied()])) {
        throw new Refusal(
          `The erasure log (${at.name}) is whole, and is the one the database and the keys know.`,
          ['start Sotto with it'],
        );
      }
      setAside = await at.setAside();
    }
    await at.create();
    const log = await at.open();
    const head = await log.head();
    await keyStore.noteErasuresApplied(head);
    await memory.write(head);
    return log;
  };
  const ground = await openGround(config, { migrate: false, openErasures });
  try {
    return { place, log: (await ground.erasureLog.head()).log, setAside };
  } finally {
    await ground.close();
  }
}

async function isWanted(place: ErasurePlace, marks: readonly (ErasureMark | null)[]): Promise<boolean> {
  try {
    const log = await place.open();
    for (const mark of marks) if (mark !== null && !(await log.covers(mark))) return false;
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
