import { openMemoryKeyStore } from './memory-key-store.ts';
import { keyStoreContract } from './test/key-store-contract.ts';

keyStoreContract('in memory', async () => ({ store: openMemoryKeyStore(), dispose: async () => undefined }));
