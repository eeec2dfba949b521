// Accounts of devices: a random token is the account, shown once and kept by the device. Nobody can be asked for it
// again; who loses the device has the recovery code, which moves the account and is then replaced.
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { record } from '#privacy/audit';
import { createPerson, type Opening } from '../people/people.ts';
import { endSessions } from '../sessions/session.sql.ts';
import { makeToken, readTokenKind } from '../token.ts';
import { findDevice, insertDevice, moveDevice } from './device.sql.ts';

const TOKEN = 'accounts.device.token_hash';
const RECOVERY = 'accounts.device.recovery_hash';

/** The secrets of an account, in this answer and nowhere else. */
export interface DeviceSecrets {
  readonly personId: string;
  readonly workspaceId: string;
  readonly deviceToken: string;
  readonly recoveryCode: string;
}

/** What the app says of the device; null where it says nothing. */
export interface DeviceFacts {
  readonly system: string | null;
  readonly appVersion: string | null;
}

/** Opens the account of a device, in the caller's transaction. Not to be repeated: each call opens another. */
export async function registerDevice(
  tx: Tx,
  keyring: Keyring,
  opening: Opening,
  facts: DeviceFacts,
): Promise<DeviceSecrets> {
  const personId = newId();
  const deviceToken = makeToken('device');
  const recoveryCode = makeToken('recovery');
  const workspaceId = await createPerson(tx, keyring, personId, null, opening);
  await insertDevice(tx, {
    personId,
    token: keyring.mac(TOKEN, deviceToken),
    recovery: keyring.mac(RECOVERY, recoveryCode),
    ...facts,
  });
  return { personId, workspaceId, deviceToken, recoveryCode };
}

/** Whose account a device token is; null when it is nobody's. */
export async function recogniseDevice(tx: Tx, keyring: Keyring, token: string): Promise<string | null> {
  if (readTokenKind(token) !== 'device') return null;
  return (await findDevice(tx, keyring.macCandidates(TOKEN, token))) ?? null;
}

/**
 * Moves an account to a device that shows its recovery code: the old token, the code and every session end. Null when
 * the code is nobody's. However many try at once, one gets the account. Needs `Authenticator.forget` of the person.
 */
export async function restoreDevice(tx: Tx, keyring: Keyring, code: string): Promise<DeviceSecrets | null> {
  if (readTokenKind(code) !== 'recovery') return null;
  const deviceToken = makeToken('device');
  const recoveryCode = makeToken('recovery');
  const moved = await moveDevice(
    tx,
    keyring.macCandidates(RECOVERY, code),
    keyring.mac(TOKEN, deviceToken),
    keyring.mac(RECOVERY, recoveryCode),
  );
  if (moved === undefined) return null;
  const { person_id: personId, personal_workspace_id: workspaceId } = moved;
  assertInvariant(workspaceId !== null, 'the account of a device has a workspace');
  await endSessions(tx, [personId], null);
  await record(tx, keyring, {
    action: 'account.recovered',
    actor: { kind: 'customer', personId },
    object: { kind: 'account', id: personId },
  });
  return { personId, workspaceId, deviceToken, recoveryCode };
}
