// What the doctor looks at on this machine: runtime, programs, folders, keys, disk. Looks only, changes nothing.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Config } from '../config.ts';
import { programsFor } from '../db/binaries.ts';
import { Refusal } from '../errors.ts';
import { freePercent } from '../readiness.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const NODE_MAJOR = 26;

export async function machineFindings(config: Config): Promise<Finding[]> {
  return [
    nodeVersion(process.versions.node),
    ...(config.databaseUrl === undefined ? [programs()] : []),
    writable(config.dataDir),
    ...(config.keysUrl === undefined ? [keyFolder(config)] : []),
    masterKey(config),
    ...(config.smtpUrl === undefined && config.production ? [mailServer()] : []),
    await disk(config),
  ];
}

/** The product is tested on the pinned major alone; newer ones are probably fine. */
export function nodeVersion(version: string): Finding {
  const major = Number(version.split('.')[0]);
  if (major < NODE_MAJOR)
    return fault(
      'node',
      `This is Node ${version}; Sotto runs on Node ${NODE_MAJOR}.`,
      'start it with npm start or npx sotto, which use the pinned Node',
    );
  if (major > NODE_MAJOR)
    return warning(
      'node',
      `This is Node ${version}; Sotto is tested on Node ${NODE_MAJOR}.`,
      'use npm start',
    );
  return ok('node', `Node ${version}`);
}

const mailServer = (): Finding =>
  warning(
    'mail',
    'No mail server is set, so mail waits until it is of no use any more.',
    'set SOTTO_SMTP_URL and SOTTO_MAIL_FROM',
  );

function programs(): Finding {
  try {
    programsFor(null);
    return ok('programs', 'The embedded PostgreSQL is installed.');
  } catch (error) {
    if (error instanceof Refusal) return fault('programs', error.message, error.waysOut.join(', or '));
    throw error;
  }
}

/** The nearest folder above that exists. */
function existing(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existing(dirname(path));
}

export function writable(folder: string): Finding {
  const at = existing(folder);
  try {
    accessSync(at, constants.W_OK | constants.X_OK);
    return ok('data-folder', existsSync(folder) ? `${folder} is writable.` : `${folder} can be made.`);
  } catch {
    return fault(
      'data-folder',
      `${at} is not writable by this account.`,
      `chown it to the account that runs Sotto, or set SOTTO_DATA_DIR to another folder`,
    );
  }
}

export function keyFolder({ dataDir, keysDir }: Pick<Config, 'dataDir' | 'keysDir'>): Finding {
  const inside = (parent: string, child: string) => !relative(parent, child).startsWith('..');
  if (inside(dataDir, keysDir) || inside(keysDir, dataDir)) {
    return fault(
      'key-folder',
      `The key folder ${keysDir} and the data folder ${dataDir} lie in one another: a backup of one holds both.`,
      'move the keys while Sotto is stopped, and set SOTTO_KEYS_DIR',
    );
  }
  if (!existsSync(keysDir)) return ok('key-folder', `${keysDir} will be made at the first start.`);
  if ((statSync(keysDir).mode & 0o077) !== 0)
    return fault('key-folder', `${keysDir} can be entered by other accounts.`, `chmod 700 ${keysDir}`);
  return ok('key-folder', `${keysDir} is apart from the data and closed to others.`);
}

export function masterKey({
  masterKeyFile,
  keysDir,
  dataDir,
  production,
}: Pick<Config, 'masterKeyFile' | 'keysDir' | 'dataDir' | 'production'>): Finding {
  if (!existsSync(masterKeyFile)) {
    return production
      ? fault(
          'master-key',
          `There is no master key at ${masterKeyFile}.`,
          'restore it from its own backup, or for a new installation: umask 077; openssl rand -hex 32 > the file',
        )
      : ok('master-key', `${masterKeyFile} will be made at the first start (development).`);
  }
  if ((statSync(masterKeyFile).mode & 0o077) !== 0)
    return fault(
      'master-key',
      `${masterKeyFile} can be read by other accounts.`,
      `chmod 600 ${masterKeyFile}`,
    );
  for (const folder of [keysDir, dataDir]) {
    if (!relative(folder, masterKeyFile).startsWith('..'))
      return fault(
        'master-key',
        `The master key lies in ${folder}, beside what it opens.`,
        'move it out and set SOTTO_MASTER_KEY_FILE',
      );
  }
  return ok('master-key', `${masterKeyFile} is closed to others.`);
}

async function disk(config: Config): Promise<Finding> {
  const at = existing(config.dataDir);
  const percent = await freePercent(at);
  const found = `${percent.toFixed(1)} % of the disk of ${at} is free.`;
  if (percent < config.diskFreeMinPercent)
    return fault('disk', found, 'free space: below SOTTO_DISK_FREE_MIN_PERCENT the process is not ready');
  return percent < 2 * config.diskFreeMinPercent
    ? warning('disk', found, 'free space before the process stops being ready')
    : ok('disk', found);
}
