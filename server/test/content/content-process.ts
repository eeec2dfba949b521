// The product as a process, with content modes given as an argument: node content-process.ts <folder of the server>
// <modes as JSON>. Everything else comes from the environment, as always.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContentModes } from '../../src/main/content-modes.ts';

const [source, modes] = process.argv.slice(2) as [string, string];
const load = (file: string) => import(pathToFileURL(join(resolve(source), 'src', file)).href);
const { start } = (await load('main/start.ts')) as typeof import('../../src/main/start.ts');
const { readConfig } = (await load('platform/config.ts')) as typeof import('../../src/platform/config.ts');

const clean = await start(
  readConfig(),
  (line) => process.stdout.write(`${line}\n`),
  JSON.parse(modes) as ContentModes,
);
process.exit(clean ? 0 : 1);
