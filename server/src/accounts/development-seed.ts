// What a development installation starts with: a demo workspace with credit, a live key, an administrator's key,
// somebody who signs in to it, and the file that tells all this. Starting again keeps keys and password while the file
// and the database agree, else issues new ones and ends the old. Production refuses to call this (config).
import { encodeId } from '@sotto/contract/ids';
import { platformScopes, type Scope, workspaceScopes } from '@sotto/contract/scopes';
import { credit } from '#ledger';
import { arrays } from '#platform/arrays';
import type { Database, Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import type { Keyring } from '#privacy';
import { FACTS_BY_HASH, type KeyFacts } from './api-key.sql.ts';
import { createKey, SECRET_COLUMN } from './api-keys.ts';
import { type DemoPersonParts, seedDemoPerson } from './demo-person.ts';
import { type DevCredentials, readDevCredentials, writeDevCredentials } from './dev-credentials.ts';
import { lockSeed, revokeSeededKeys } from './development-seed.sql.ts';
import { createWorkspace, findWorkspaces } from './workspaces.ts';

export interface DevelopmentSeed {
  readonly dataDir: string;
  /** Where the API answers, as written into the file. */
  readonly baseUrl: string;
  /** Whether the demo workspace may have a name. */
  readonly named: boolean;
  /** With what the demo person is made; null where the policy has no e-mail accounts. */
  readonly person: Omit<DemoPersonParts, 'workspaceId'> | null;
}

/** One id for every installation, so that a second start finds what the first one made. */
const DEMO_WORKSPACE_ID = '01900000-0000-7000-8000-00000000de30';
const DEMO_CURRENCY = 'EUR';
const DEMO_CREDIT_MICROS = 100_000_000n;

/**
 * Seeds a development installation and returns what the file says. May be repeated and called by several processes
 * at once: there is one demo workspace, its credit of EUR 100 is booked once, and keys and password in the file work.
 */
export async function seedDevelopment(
  db: Database,
  keyring: Keyring,
  seed: DevelopmentSeed,
): Promise<DevCredentials> {
  return db.batch(async (tx) => {
    await lockSeed(tx);
    const [workspace] = await findWorkspaces(tx, keyring, [DEMO_WORKSPACE_ID]);
    if (workspace === undefined) {
      await createWorkspace(tx, keyring, {
        id: DEMO_WORKSPACE_ID,
        kind: 'organisation',
        name: seed.named ? 'Demo' : null,
        currency: DEMO_CURRENCY,
      });
    }
    const credited = await credit(tx, 'top_up', {
      workspaceId: DEMO_WORKSPACE_ID,
      amountMicros: DEMO_CREDIT_MICROS,
      currency: DEMO_CURRENCY,
      key: 'development_seed',
      reason: 'development_seed',
    });
    assertInvariant(
      credited.outcome === 'posted' || credited.outcome === 'replayed',
      'the demo credit is booked once and stays',
    );

    const found = await readDevCredentials(seed.dataDir);
    const kept = found !== null && (await areWorking(tx, keyring, found)) ? found : null;
    const keys = kept ?? (await issueAnew(tx, keyring));
    const signIn =
      seed.person === null
        ? {}
        : await seedDemoPerson(tx, keyring, { ...seed.person, workspaceId: DEMO_WORKSPACE_ID }, found);
    const credentials: DevCredentials = {
      base_url: seed.baseUrl,
      api_key: keys.api_key,
      admin_api_key: keys.admin_api_key,
      workspace_id: encodeId('wrk', DEMO_WORKSPACE_ID),
      ...signIn,
    };
    // Before the commit: if it fails, the next start finds what does not work and makes it anew.
    await writeDevCredentials(seed.dataDir, credentials);
    return credentials;
  });
}

/** Whether both keys of the file are living keys of the demo workspace and the platform, with all of today's scopes. */
async function areWorking(tx: Tx, keyring: Keyring, credentials: DevCredentials): Promise<boolean> {
  const [live, admin] = await Promise.all(
    [credentials.api_key, credentials.admin_api_key].map(async (token) => {
      const hashes = keyring.macCandidates(SECRET_COLUMN, token);
      const [facts] = await tx.exec(FACTS_BY_HASH, [arrays.bytea(hashes)]);
      return facts;
    }),
  );
  return (
    isLiving(live, workspaceScopes) &&
    isLiving(admin, platformScopes) &&
    live.kind === 'live' &&
    live.workspace_id === DEMO_WORKSPACE_ID &&
    admin.kind === 'admin'
  );
}

function isLiving(facts: KeyFacts | undefined, scopes: readonly Scope[]): facts is KeyFacts {
  return (
    facts !== undefined &&
    !facts.revoked &&
    (facts.lives_ms === null || facts.lives_ms > 0) &&
    scopes.every((scope) => facts.scopes.includes(scope))
  );
}

async function issueAnew(
  tx: Tx,
  keyring: Keyring,
): Promise<Pick<DevCredentials, 'api_key' | 'admin_api_key'>> {
  await revokeSeededKeys(tx);
  const issue = async (workspaceId: string | null, scopes: readonly Scope[]) => {
    const created = await createKey(tx, keyring, 'seed', {
      workspaceId,
      kind: workspaceId === null ? 'admin' : 'live',
      name: 'Development',
      scopes,
      networks: [],
      expiresAt: null,
    });
    assertInvariant(created.outcome === 'created', 'the seed issues keys within the rules');
    return created.token;
  };
  return {
    api_key: await issue(DEMO_WORKSPACE_ID, workspaceScopes),
    admin_api_key: await issue(null, platformScopes),
  };
}
