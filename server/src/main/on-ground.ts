// How commands of an operator get at the database and the keys: beside a running server, or alone.
import type { Config } from '#platform/config';
import { type Ground, type GroundOptions, openDatabase, openGround } from './ground.ts';
import { type PolicyFile, readPolicyFile } from './policy/policy-file.ts';
import { purposesOf } from './policy/purposes.ts';
import { today } from './policy/today.ts';

/**
 * Runs work on the migrated database with its keys, and closes both, for commands about the machinery. Throws a Refusal
 * with ways out.
 */
export const onGround = <T>(config: Config, work: (ground: Ground) => Promise<T>): Promise<T> =>
  onOpened(config, { migrate: false }, work);

/** The same under the policy in force, for commands about somebody: they read for its purposes and for no others. */
export async function onGroundUnderPolicy<T>(
  config: Config,
  work: (ground: Ground, policy: PolicyFile) => Promise<T>,
): Promise<T> {
  const file = await readPolicyFile(config.policy, { production: config.production, today: today() });
  const purposes = purposesOf(file.policy);
  return onOpened(config, { migrate: false, purposes }, (ground) => work(ground, file));
}

async function onOpened<T>(
  config: Config,
  options: GroundOptions,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const ground = await openGround(config, options);
  try {
    return await work(ground);
  } finally {
    await ground.close();
  }
}

/** Runs work on the database as it is, migrated or not. */
export async function withDatabase<T>(
  config: Config,
  work: (database: { readonly url: string }) => Promise<T>,
): Promise<T> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    return await work(await openDatabase(config, closers));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
