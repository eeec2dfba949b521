// The routes of API keys: a workspace's key manages the keys of its own workspace.

import { decodeId } from '@sotto/contract';
import {
  createKey as createOperation,
  listKeys as listOperation,
  revokeKey as revokeOperation,
  rotateKey as rotateOperation,
} from '@sotto/contract/keys';
import { demandAllowed, type Throttle } from '#abuse';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { actorOf } from '#privacy/audit';
import { type Holds, refuseUnlessHeld } from '#privacy/collection';
import { waitsForAgreement } from './agreements/agreement.sql.ts';
import { type CreatedKey, createKey, type KeyCreator, listKeys, revokeKey, rotateKey } from './api-keys.ts';
import type { Authenticator } from './authenticator.ts';
import { type BoundsOf, demandRoomForKey } from './bounds.ts';
import { presentKey } from './present.ts';
import type { WorkspacePrincipal } from './principal.ts';

export interface KeyRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  readonly holds: Holds;
  readonly throttle: Pick<Throttle, 'takeWithin'>;
  readonly boundsOf: BoundsOf;
}

type Refused = Extract<CreatedKey, { outcome: 'refused' }>;

/** What is said to who asked for a key that may not be. */
const SENTENCES: Readonly<Record<Refused['reason'], string>> = {
  kind_too_wide: 'A test key creates test keys alone.',
  scope_not_of_kind: 'A key of a workspace cannot have scopes of the platform.',
  scope_too_wide: 'Nobody hands on scopes they do not have.',
  network_too_wide: 'The new key would work from networks the creating key does not.',
  no_scope: 'A key has a scope, or it could do nothing.',
  network_malformed: 'It names no network.',
  already_expired: 'It lies in the past.',
  lasts_too_long: 'The new key would outlive the creating key.',
  too_fast: 'The new key would be faster than the creating key.',
  issuer_gone: 'The creating key has ended meanwhile.',
};

/** Faults of the request itself; the others are about what the creating key may hand on. */
const MALFORMED: ReadonlySet<Refused['reason']> = new Set([
  'already_expired',
  'no_scope',
  'network_malformed',
]);

export function keyRoutes(options: KeyRoutesOptions): readonly Route[] {
  const { db, keyring, authenticator, holds, throttle, boundsOf } = options;
  return [
    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, WorkspacePrincipal>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      const keys = await listKeys(db, keyring, caller.workspaceId, page);
      return pageAnswer(keys, query.limit, ({ id }) => id, presentKey);
    }),
    inTransaction(
      createOperation,
      async ({ caller, body, requestId }: Call<typeof createOperation, WorkspacePrincipal>, tx) => {
        if (body.kind === 'live' && (await waitsForAgreement(tx, caller.workspaceId))) {
          throw new AppError('agreement_required');
        }
        if (body.networks.length > 0) refuseUnlessHeld(holds, 'user.device.ip_address', 'networks');
        await demandRoomForKey(tx, boundsOf, caller.workspaceId);
        const created = await createKey(tx, keyring, creatorOf(caller, requestId), {
          workspaceId: caller.workspaceId,
          kind: body.kind,
          name: body.name,
          scopes: body.scopes,
          networks: body.networks,
          expiresAt: body.expires_at === null ? null : new Date(body.expires_at),
          requestsPerSecond: body.requests_per_second,
        });
        if (created.outcome === 'refused') throw refusalOf(created);
        await demandFewNew(tx, caller);
        return { ...presentKey(created.key), key: created.token };
      },
      // A secret is shown once: whoever repeats the request learns that the key exists, and no more.
      { kept: (answer) => ({ ...answer, key: null }) },
    ),
    inTransaction(
      rotateOperation,
      async ({ caller, params, body, requestId }: Call<typeof rotateOperation, WorkspacePrincipal>, tx) => {
        const keyId = decodeId('key', params.id);
        if (keyId === null) throw new AppError('not_found');
        await demandRoomForKey(tx, boundsOf, caller.workspaceId, keyId);
        const creator = creatorOf(caller, requestId);
        const rotation = { keyId, overlapSeconds: body.overlap_seconds };
        const rotated = await rotateKey(tx, keyring, creator, caller.workspaceId, rotation);
        if (rotated.outcome === 'not_found') throw new AppError('not_found');
        // About the key that is there, not about a field of the request.
        if (rotated.outcome === 'refused')
          throw new AppError('forbidden', { detail: SENTENCES[rotated.reason] });
        await demandFewNew(tx, caller);
        authenticator.forget(keyId);
        return { ...presentKey(rotated.key), key: rotated.token };
      },
      { kept: (answer) => ({ ...answer, key: null }) },
    ),
    inTransaction(revokeOperation, async (call: Call<typeof revokeOperation, WorkspacePrincipal>, tx) => {
      const { caller, params } = call;
      const id = decodeId('key', params.id);
      const revoked =
        id === null ? null : await revokeKey(tx, keyring, caller.workspaceId, id, actorOf(call));
      if (revoked === null) throw new AppError('not_found');
      authenticator.forget(revoked.id);
      return presentKey(revoked);
    }),
  ];

  /** Last, for the workspace's bucket is locked until the commit. */
  async function demandFewNew(tx: Tx, { workspaceId }: WorkspacePrincipal): Promise<void> {
    demandAllowed(await throttle.takeWithin(tx, [{ limit: 'create_key.workspace', subject: workspaceId }]));
  }
}

const creatorOf = ({ personId, keyId, scopes }: WorkspacePrincipal, requestId: string): KeyCreator =>
  personId === null ? { keyId, requestId } : { personId, scopes, requestId };

function refusalOf({ reason, field }: Refused): AppError {
  const code = MALFORMED.has(reason) ? 'invalid_request' : 'forbidden';
  return new AppError(code, { detail: SENTENCES[reason], ...(field === null ? {} : { field }) });
}
