// Runs before `npm start` and `npm test`, on whatever Node the machine has (>= 20), so: Node 20 syntax only.
// Installs what is missing: when the lockfile is newer than what was installed from it, or the pinned
// runtime is absent, `npm ci` runs once. Everything after this step runs on the pinned Node, because
// `npm run` puts node_modules/.bin first on the PATH.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.sotto-install');
const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const installed =
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8').trim() === lockHash &&
  existsSync(join(root, 'node_modules', '.bin', 'node'));

if (!installed) {
  console.log('Installing dependencies from the lockfile (once; about half a minute) ...');
  // The npm that runs us; falls back to the one on the PATH when called without npm.
  const npmCli = process.env.npm_execpath;
  const args = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
  const result = npmCli?.endsWith('.js')
    ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error(
      '\nThe dependencies could not be installed. Check that this folder is writable by you' +
        ` (${statSync(root).uid === process.getuid?.() ? 'it is yours' : 'it belongs to another user'}),` +
        ' that the npm registry can be reached, and run the command again.',
    );
    process.exit(1);
  }
  if (!existsSync(join(root, 'node_modules', '.bin', 'node'))) {
    console.error(
      '\nThe pinned Node runtime is missing after the install. npm was probably told to ignore install scripts;' +
        ' allow the ones listed under "allowScripts" in package.json and run the command again.',
    );
    process.exit(1);
  }
  writeFileSync(stamp, `${lockHash}\n`);
}
