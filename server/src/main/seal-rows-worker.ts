// Seals the rows of a measured workspace in a thread of its own, which has ended when the clock starts: what sealing
// leaves to be collected is no time of destroying.
import { parentPort, workerData } from 'node:worker_threads';
import { ENSURE_MAX, type KeyId, openDirectoryKeyStore, openKeyring, type Place } from '#privacy';

/** Which rows, under which keys of which store. */
export interface RowsToSeal {
  readonly directory: string;
  readonly masterKeyFile: string;
  readonly workspaceId: string;
  readonly keyIds: readonly KeyId[];
  readonly rows: number;
}

const TEXT = 'Order 481516 has left our warehouse and is on its way.';

/** Where a row's value belongs: rows take the keys in turns. */
export const placeOf = ({ workspaceId, keyIds }: RowsToSeal, row: number): Place => ({
  column: 'messages.message.body',
  rowId: `00000000-0000-7000-8000-${String(row).padStart(12, '0')}`,
  ownerId: workspaceId,
  keyId: keyIds[row % keyIds.length]!,
});

/** Answers with the sealed values one after the other, all of one length. */
async function sealAll(wanted: RowsToSeal): Promise<Uint8Array<ArrayBuffer>> {
  const { directory, masterKeyFile, keyIds, rows } = wanted;
  const store = await openDirectoryKeyStore({ directory, masterKeyFile, initialise: false });
  const keyring = await openKeyring(store);
  for (let from = 0; from < keyIds.length; from += ENSURE_MAX)
    await keyring.load(keyIds.slice(from, from + ENSURE_MAX));
  const length = keyring.seal(placeOf(wanted, 0), TEXT).length;
  const sealed = new Uint8Array(rows * length);
  for (let row = 0; row < rows; row += 1) sealed.set(keyring.seal(placeOf(wanted, row), TEXT), row * length);
  await keyring.close();
  await store.close();
  return sealed;
}

// Imported for `placeOf`, this is no worker and has nothing to answer.
if (parentPort !== null) {
  const sealed = await sealAll(workerData as RowsToSeal);
  parentPort.postMessage(sealed, [sealed.buffer]);
}
