// An empty database with an owner of its own, who is no superuser and brings what docs ask of an external cluster:
// membership in the product's two roles, with the right to hand it on.
import { randomBytes } from 'node:crypto';
import { databaseUrl, onDatabase } from './cluster.ts';

/** Gives `work` the owner's address of a new database beside the one at `url`; both are dropped when it ends. */
export async function onOwnedDatabase<T>(url: string, work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const name = `owned_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await onDatabase(url, async (client) => {
    await client.query(`create role ${name} login password '${password}' nosuperuser`);
    await client.query(`grant sotto_tenant, sotto_batch to ${name} with admin option`);
    await client.query(`create database ${name} owner ${name} template template0`);
  });
  try {
    // The address of a socket has no host, so it is no URL to Node.
    return await work(databaseUrl(url, name).replace(/\/\/[^@]*@/, `//${name}:${password}@`));
  } finally {
    await onDatabase(url, async (client) => {
      await client.query(`drop database ${name} with (force)`);
      await client.query(`drop role ${name}`);
    });
  }
}
