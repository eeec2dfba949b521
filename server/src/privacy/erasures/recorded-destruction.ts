// A key store whose destroyed keys are remembered in the erasure log, so that they stay destroyed when the store is
// restored from an older backup of it.
import type { KeyStore } from '../keys/key-store.ts';
import type { ErasureRecorder } from './erasure-log.ts';

/** The kind under which destroyed keys are logged. */
export const DESTROYED_KEYS = 'keys';

/** The same store; a key's destruction is logged before it is carried out, and resolves after both are durable. */
export const withRecordedDestruction = <Store extends KeyStore>(
  store: Store,
  log: ErasureRecorder,
): Store => ({
  ...store,
  async destroy(ids) {
    await log.record(DESTROYED_KEYS, ids);
    await store.destroy(ids);
  },
});
