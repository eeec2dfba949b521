// A keyring whose keys live as long as the test.
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';

export const memoryKeyring = (): Promise<Keyring> => openKeyring(openMemoryKeyStore());
