// The file in which a development installation leaves its keys for people and scripts:
// `<data dir>/dev-credentials.json`, readable by its owner alone. Production never writes it.
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Fields as scripts read them. */
export interface DevCredentials {
  readonly base_url: string;
  readonly api_key: string;
  readonly admin_api_key: string;
  readonly workspace_id: string;
  /** The demo sign-in; both absent where the policy knows no e-mail address. */
  readonly email?: string;
  readonly password?: string;
}

export const DEV_CREDENTIALS_FILE = 'dev-credentials.json';
const OWNER_ONLY = 0o600;
const FIELDS = ['base_url', 'api_key', 'admin_api_key', 'workspace_id'] as const;
const SIGN_IN_FIELDS = ['email', 'password'] as const;

/** What the file says, or null when it is missing, cut short or not of this form. */
export async function readDevCredentials(dataDir: string): Promise<DevCredentials | null> {
  let text: string;
  try {
    text = await readFile(join(dataDir, DEV_CREDENTIALS_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const isText = (field: string) => typeof fields[field] === 'string';
  // A sign-in that is missing or cut short is made anew by whoever seeds; the keys beside it are good without.
  const isWhole =
    FIELDS.every(isText) && SIGN_IN_FIELDS.every((field) => isText(field) || fields[field] === undefined);
  return isWhole ? (value as DevCredentials) : null;
}

/** Replaces the file in one step, so that a reader sees the old or the new one whole, never open to others. */
export async function writeDevCredentials(dataDir: string, credentials: DevCredentials): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const target = join(dataDir, DEV_CREDENTIALS_FILE);
  const partial = `${target}.new`;
  await rm(partial, { force: true });
  const file = await open(partial, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${JSON.stringify(credentials, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(partial, OWNER_ONLY);
  await rename(partial, target);
}
