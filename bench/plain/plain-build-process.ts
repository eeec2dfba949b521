// Loaded before the server (`node --import`): from then on its modules get the replacements instead of what they name.
// Each one that was really used is written down, so that a module that moved cannot leave the plain build less plain.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { REPLACEMENTS } from './replacements.ts';

/** Where the names of replaced modules go, one a line. */
const list = process.env.BENCH_REPLACED;
if (list === undefined) throw new Error('BENCH_REPLACED names the file for what was replaced');

const at = (path: string) => new URL(path, import.meta.url).href;
const replacements = new Map(
  REPLACEMENTS.map(({ module, by }) => [at(`../../server/src/${module}`), { module, url: at(by) }]),
);

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const replacement = replacements.get(found.url);
    if (replacement === undefined) return found;
    appendFileSync(list, `${replacement.module}\n`);
    return { ...found, url: replacement.url };
  },
});
