// A process that works on a key store and kills itself, by SIGKILL, right before its n-th file operation. It
// says on standard output what it was told was done. With `killAt` 0 it lives and says how many there were.
import { writeSync } from 'node:fs';
import fsPromises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { KeyId } from '../key-ref.ts';

export interface Doom {
  readonly directory: string;
  readonly masterKeyFile: string;
  readonly killAt: number;
  /** Whether it may make the store. */
  readonly initialise: boolean;
  readonly create: readonly KeyId[];
  readonly destroy: readonly KeyId[];
}

export type Report =
  | { readonly created: readonly string[] }
  | { readonly destroyed: true }
  | { readonly rotated: number }
  | { readonly master: true }
  | { readonly operations: number };

const doom = JSON.parse(process.argv[2]!) as Doom;
let operations = 0;
let armed = false;

function step(): void {
  if (!armed) return;
  operations += 1;
  if (operations === doom.killAt) process.kill(process.pid, 'SIGKILL');
}

/** Puts the step before every operation that changes something on disk or makes a change durable. */
function arm(target: object, names: readonly string[]): void {
  for (const name of names) {
    const original = Reflect.get(target, name) as (...parameters: unknown[]) => unknown;
    Reflect.set(target, name, function (this: unknown, ...parameters: unknown[]) {
      step();
      return original.apply(this, parameters);
    });
  }
}

const probe: FileHandle = await fsPromises.open(process.execPath, 'r');
arm(Object.getPrototypeOf(probe), ['write', 'writeFile', 'datasync', 'sync']);
await probe.close();
arm(fsPromises, ['open', 'link', 'unlink', 'rename', 'mkdir']);
syncBuiltinESMExports();

const say = (report: Report) => writeSync(1, `${JSON.stringify(report)}\n`);
const { openDirectoryKeyStore } = await import('../directory-key-store.ts');
const { rotateEpoch } = await import('../rotation.ts');

armed = true;
const store = await openDirectoryKeyStore(doom);
const created = await store.create(doom.create);
say({
  created: created.map((state) => (state.state === 'living' ? state.key.toString('hex') : state.state)),
});
await store.destroy(doom.destroy);
say({ destroyed: true });
say({ rotated: (await rotateEpoch(store)).epoch });
await store.rotateMaster();
say({ master: true });
say({ operations });
