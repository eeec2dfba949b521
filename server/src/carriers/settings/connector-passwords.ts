// The password of a connector: sealed under the operator's key, opened only to bind.
import type { Keyring, Place, Sealed } from '#privacy';

/** The installation itself; connectors belong to no workspace. */
const OWNER = 'platform';

async function placeOf(keyring: Keyring, connectorId: string): Promise<Place> {
  const [key] = await keyring.ensure([{ class: 'operator' }]);
  return { column: 'carriers.connector.password', rowId: connectorId, ownerId: OWNER, keyId: key!.keyId };
}

/** What to store for a password; null for the empty one, which some test accounts have. */
export async function sealPassword(
  keyring: Keyring,
  connectorId: string,
  password: string,
): Promise<Sealed | null> {
  return password === '' ? null : keyring.seal(await placeOf(keyring, connectorId), password);
}

/** The password to bind with; null when its key was destroyed: then it must be set anew. Throws `SealBroken`. */
export async function openPassword(
  keyring: Keyring,
  connectorId: string,
  stored: Buffer | null,
): Promise<string | null> {
  if (stored === null) return '';
  const opened = keyring.open(await placeOf(keyring, connectorId), stored);
  return opened.state === 'open' ? opened.plaintext.toString('latin1') : null;
}
