// Which server a command talks to, and with which key. In development both stand in the credentials file.
import { readFileSync } from 'node:fs';
import type { Client } from '@sotto/sdk';
import type { Command } from 'commander';
import { Refusal } from '#platform/errors';
import { type Shell, UsageFault } from '../shell.ts';

export interface ConnectionOptions {
  readonly url?: string;
  readonly key?: string;
  readonly keyFile?: string;
}

/** Adds the options by which a command finds the server. */
export const addConnection = (command: Command): Command =>
  command
    .option('--url <url>', 'where the server is (development: the one last started here)')
    .option('--key <key>', 'API key; others on this machine can see it in the list of processes')
    .option('--key-file <file>', 'file with the API key; - for standard input');

/** A client for the command. Throws a Refusal when nothing says where the server is or who asks. */
export async function connect(
  shell: Shell,
  options: ConnectionOptions,
  who: 'workspace' | 'administrator',
): Promise<Client> {
  if (options.key !== undefined && options.keyFile !== undefined)
    throw new UsageFault('--key and --key-file exclude each other');
  const [{ createClient }, { devCredentials }] = await Promise.all([
    import('@sotto/sdk'),
    import('../dev-credentials.ts'),
  ]);
  const config = shell.readConfig();
  const found = devCredentials(config);
  const baseUrl = options.url ?? config.publicUrl ?? found?.base_url;
  const given = options.keyFile === undefined ? options.key : await keyIn(shell, options.keyFile);
  // A key of this installation goes to this installation, not to whatever --url names.
  const own = options.url === undefined || options.url === found?.base_url ? found : null;
  const apiKey = given ?? (who === 'workspace' ? own?.api_key : own?.admin_api_key);
  if (baseUrl === undefined || apiKey === undefined) {
    throw new Refusal(
      baseUrl === undefined ? 'Nothing says where the server is.' : 'Nothing says with which key to ask.',
      [
        'start a development installation in this folder first: npm start',
        `name server and key: --url https://sms.example.com --key-file <file with ${who === 'workspace' ? "a workspace's" : "an administrator's"} key>`,
      ],
    );
  }
  try {
    return createClient({ baseUrl, apiKey });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageFault(`--url: ${error.message}`);
    throw error;
  }
}

async function keyIn(shell: Shell, file: string): Promise<string> {
  const text = file === '-' ? await shell.readInput() : readFileSync(file, 'utf8');
  const key = text.trim();
  if (key === '') throw new UsageFault('--key-file holds no key');
  return key;
}
