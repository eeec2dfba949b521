// A new erasure log in the place of one that is lost, at the operator's word. Database and key store are told about it,
// so that from then on it is the one they insist on.
import { existsSync, renameSync } from 'node:fs';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import { type ErasureMark, refuseErasureLogIn } from '#privacy';
import { createErasureLog, openErasureLog } from '#privacy/erasures';
import type { GateParts } from './erasure-gate.ts';
import { erasureMemory } from './erasure-memory.ts';
import { openGround } from './ground.ts';

export interface BegunLog {
  readonly file: string;
  readonly log: string;
  /** Where the file went that was there. */
  readonly setAside: string | null;
}

/** Begins the log anew. Throws a Refusal when the one that is there is whole and the one that is wanted. */
export async function beginErasureLog(config: Config): Promise<BegunLog> {
  const file = config.erasureLog;
  let setAside: string | null = null;
  const openErasures = async ({ ownerUrl, keyStore }: GateParts) => {
    refuseErasureLogIn(file, [config.dataDir, config.keysDir]);
    const memory = erasureMemory(ownerUrl);
    if (existsSync(file)) {
      if (await isWanted(file, [await memory.read(), await keyStore.erasuresApplied()])) {
        throw new Refusal(
          `The erasure log ${file} is whole, and is the one the database and the keys know.`,
          ['start Sotto with it'],
        );
      }
      setAside = freeName(file);
      renameSync(file, setAside);
    }
    await createErasureLog(file);
    const log = await openErasureLog(file);
    const head = await log.head();
    await keyStore.noteErasuresApplied(head);
    await memory.write(head);
    return log;
  };
  const ground = await openGround(config, { migrate: false, openErasures });
  try {
    return { file, log: (await ground.erasureLog.head()).log, setAside };
  } finally {
    await ground.close();
  }
}

async function isWanted(file: string, marks: readonly (ErasureMark | null)[]): Promise<boolean> {
  try {
    const log = await openErasureLog(file);
    for (const mark of marks) if (mark !== null && !(await log.covers(mark))) return false;
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function freeName(file: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${file}.set-aside-${number}`;
    if (!existsSync(name)) return name;
  }
}
