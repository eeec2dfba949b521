// A directory store in a temporary directory, with its master key beside it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DirectoryKeyStore, openDirectoryKeyStore } from '../directory-key-store.ts';

export interface TemporaryStore {
  readonly root: string;
  readonly directory: string;
  readonly masterKeyFile: string;
  readonly open: () => Promise<DirectoryKeyStore>;
  readonly dispose: () => Promise<void>;
}

export async function temporaryStore(): Promise<TemporaryStore> {
  const root = await mkdtemp(join(tmpdir(), 'sotto-keys-'));
  const directory = join(root, 'keys');
  const masterKeyFile = join(root, 'master.key');
  return {
    root,
    directory,
    masterKeyFile,
    open: () => openDirectoryKeyStore({ directory, masterKeyFile, initialise: true }),
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}
