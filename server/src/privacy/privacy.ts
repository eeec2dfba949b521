// The face of privacy for the contexts above it: keys and sealing. The data map (`#privacy/data-map`) and the
// egress client (`#privacy/egress`) have faces of their own, because most files need one of the three.

export { type KeyringOptions, openKeyring } from './keys/cached-keyring.ts';
export {
  type Custody,
  refuseBackupIn,
  refuseErasureLogIn,
  refuseSharedCustody,
} from './keys/custody.ts';
export {
  type DirectoryKeyStore,
  type DirectoryKeyStoreOptions,
  openDirectoryKeyStore,
} from './keys/directory-key-store.ts';
export { keyStoreEntries } from './keys/key-backup.ts';
export { refuseUnfitKeyCluster } from './keys/key-cluster.ts';
export {
  type KeyId,
  type KeyRef,
  parseKeyId,
  type SealingClass,
  type UtcDay,
  utcDay,
} from './keys/key-ref.ts';
export { refuseHalfRestoredKeys, restoreKeyStore } from './keys/key-restore.ts';
export {
  type Census,
  type ErasureMark,
  type KeyState,
  type KeyStore,
  KeyStoreFault,
} from './keys/key-store.ts';
export {
  ENSURE_MAX,
  type EnsuredKey,
  KeyNotReady,
  type Keyring,
  type KeyringStats,
  type Opened,
} from './keys/keyring.ts';
export {
  openPostgresKeyStore,
  type PostgresKeyStore,
  type PostgresKeyStoreOptions,
} from './keys/postgres-key-store.ts';
export { type Rotation, rotateEpoch } from './keys/rotation.ts';
export { type ColumnName, type Place, SEAL_OVERHEAD_BYTES, SealBroken } from './keys/sealing.ts';
export type { BlindIndex, KeyedHash, Sealed } from './map/domains.ts';
