// Runs before `npm start` and `npm test`, on whatever Node the machine has (>= 20), so: Node 20 syntax only.
// Installs what is missing: when what is installed is not what the lockfile says, or the pinned runtime is absent,
// npm installs it. Everything after this step runs on the pinned Node, because `npm run` puts node_modules/.bin
// first on the PATH.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const pinnedNode = join(modules, '.bin', 'node');

if (!isInstalled()) {
  refuseUnwritable(existsSync(modules) ? modules : root);
  console.log('Installing dependencies from the lockfile (once; about half a minute) ...');
  install();
  if (!existsSync(pinnedNode)) {
    refuse(
      'The pinned Node runtime is missing after the install: npm was told to leave out install scripts.',
      [
        'allow them for this command: npm_config_ignore_scripts=false npm start',
        'or unset it: npm config delete ignore-scripts',
      ],
    );
  }
}

/** What npm noted as installed has the versions of the lockfile; only optional packages may be left out. */
function isInstalled() {
  if (!existsSync(pinnedNode)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const found = packagesOf(join(modules, '.package-lock.json'));
  if (wanted === null || found === null) return false;
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const there = found[path];
    if (there === undefined) return optional === true || devOptional === true;
    return there.version === version && there.link === link;
  });
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages ?? null;
  } catch {
    return null; // absent or cut short: an install that never ended
  }
}

/**
 * `npm ci` first. It refuses a lockfile that leaves out packages for other systems, which a registry need not carry;
 * `npm install --no-save` takes the versions and digests of the same lockfile and leaves those out.
 */
function install() {
  const exact = npm(['ci'], 'pipe');
  if (exact.status === 0) return;
  if (exact.signal !== null) process.exit(130); // Ctrl-C: not a reason to try another way
  if (npm(['install', '--no-save'], 'inherit').status === 0) return;
  const said = `${exact.stderr ?? ''}`.split('\n').filter((line) => line.startsWith('npm error'));
  refuse(`The dependencies could not be installed.\n${said.slice(0, 3).join('\n')}`, [
    'check that the npm registry can be reached: npm ping',
    'free disk space: the installation takes half a gigabyte',
    'run the command again',
  ]);
}

/** Runs the npm that runs us, or the one on the PATH when called without npm. */
function npm(args, output) {
  const all = [...args, '--no-fund', '--no-audit', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 'inherit', output], encoding: 'utf8' };
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js')
    ? spawnSync(process.execPath, [cli, ...all], options)
    : spawnSync('npm', all, { ...options, shell: process.platform === 'win32' });
}

function refuseUnwritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    refuse(`The dependencies are missing or old, and ${folder} is not writable by you (${error.code}).`, [
      'make the folder yours, or clone the repository into one of your own',
      'let somebody who may write there run: npm ci',
    ]);
  }
}

function refuse(sentence, waysOut) {
  console.error(`\nRefused: ${sentence}\nWays out:\n${waysOut.map((way) => `  - ${way}`).join('\n')}`);
  process.exit(1);
}
