// Writing an entry, in the transaction it is about: it is there when what it says is true, and never otherwise.
import { decodeId } from '@sotto/contract';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { idsOnlyJson } from '#platform/ids-only';
import type { KeyRef } from '../keys/key-ref.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Place } from '../keys/sealing.ts';
import type { KeyedHash } from '../map/domains.ts';
import { payloadHash } from './canonical.ts';
import type { Actor, AuditEntry } from './entry.ts';
import { insertEntry } from './record.sql.ts';

/**
 * Appends an entry in the caller's transaction. It has no place in the chain yet: a sealer gives it one within
 * seconds of the commit, so nobody waits for anybody here. Not to be repeated: each call is an entry of its own.
 */
export async function record(tx: Tx, keyring: Keyring, entry: AuditEntry): Promise<void> {
  const id = newId();
  const payload = entry.sealed === undefined ? null : await sealIds(keyring, id, entry.sealed);
  await insertEntry(tx, {
    id,
    action: entry.action,
    outcome: entry.outcome ?? 'done',
    actorKind: entry.actor.kind,
    actor: actorPseudonym(keyring, entry.actor),
    objectKind: entry.object?.kind ?? null,
    object: entry.object === undefined ? null : pseudonymOf(keyring, entry.object.kind, entry.object.id),
    affected: entry.affected ?? null,
    request: requestOf(entry.actor),
    payload,
    payloadHash: payload === null ? null : payloadHash(payload),
  });
}

/**
 * The pseudonym of a thing in the trail. One name serves actors and objects, so that a key that acted and was revoked
 * is seen to be one key.
 */
export const pseudonymOf = (keyring: Keyring, kind: string, id: string): KeyedHash =>
  keyring.pseudonym('privacy.audit_entry.object', `${kind}|${id}`);

function actorPseudonym(keyring: Keyring, actor: Actor): KeyedHash | null {
  if (actor.kind === 'system') return null;
  if ('personId' in actor) return pseudonymOf(keyring, 'account', actor.personId);
  return actor.keyId === null ? null : pseudonymOf(keyring, 'api_key', actor.keyId);
}

function requestOf(actor: Actor): string | null {
  if (actor.kind === 'system' || actor.requestId === undefined) return null;
  const uuid = decodeId('req', actor.requestId);
  assertInvariant(uuid !== null, 'a request of an audit entry is named by its id');
  return uuid;
}

const keyOf = (workspaceId: string): KeyRef => ({ class: 'identity', subjectId: workspaceId });

const placeOf = (keyring: Keyring, entryId: string, workspaceId: string): Place => ({
  column: 'privacy.audit_entry.payload',
  rowId: entryId,
  ownerId: workspaceId,
  keyId: keyring.keyId(keyOf(workspaceId)),
});

async function sealIds(keyring: Keyring, entryId: string, sealed: NonNullable<AuditEntry['sealed']>) {
  await keyring.ensure([keyOf(sealed.workspaceId)]);
  return keyring.seal(
    placeOf(keyring, entryId, sealed.workspaceId),
    idsOnlyJson('an audit entry', sealed.ids),
  );
}

/**
 * The ids sealed in an entry, for whoever knows which workspace it is about. Null once the identity key of the
 * workspace is destroyed. Throws `SealBroken` when the entry is about another one.
 */
export async function openIds(
  keyring: Keyring,
  entryId: string,
  workspaceId: string,
  payload: Buffer,
): Promise<Readonly<Record<string, string>> | null> {
  const place = placeOf(keyring, entryId, workspaceId);
  await keyring.load([place.keyId]);
  const opened = keyring.open(place, payload);
  return opened.state === 'open' ? JSON.parse(opened.plaintext.toString()) : null;
}
