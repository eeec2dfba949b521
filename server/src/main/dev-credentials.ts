// The credentials file of a development installation, read so that commands need no key and no id to be tried out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { DEV_CREDENTIALS_FILE, type DevCredentials } from '#accounts';
import type { Config } from '#platform/config';

const schema = z.object({
  base_url: z.string(),
  api_key: z.string(),
  admin_api_key: z.string(),
  workspace_id: z.string(),
  email: z.string().exactOptional(),
  password: z.string().exactOptional(),
});

/** What the file says; null in production, and before the first start. */
export function devCredentials(config: Config): DevCredentials | null {
  if (config.production) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(join(config.dataDir, DEV_CREDENTIALS_FILE), 'utf8')));
  } catch {
    return null; // absent, another account's, or cut short: the command then asks for what it needs
  }
}
