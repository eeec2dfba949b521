// How commands of an operator get at the database and the keys: beside a running server, or alone.
import type { Config } from '#platform/config';
import { type Ground, openDatabase, openGround } from './ground.ts';

/** Runs work on the migrated database with its keys, and closes both. Throws a Refusal with ways out. */
export async function onGround<T>(config: Config, work: (ground: Ground) => Promise<T>): Promise<T> {
  const ground = await openGround(config, { migrate: false });
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
