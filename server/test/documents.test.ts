// What the documents say about the repository, held against the repository: links, file names, the trees, commands
// and settings. Prose cannot be tested; what it points at can.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { settings } from '../src/platform/config/settings.ts';
import { settingsTable } from '../src/platform/config/table.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const report = (faults: string[]) => assert.deepEqual(faults, [], `\n${faults.join('\n')}\n`);

const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|\.[a-z][^/]*)(\/|$)/.test(path),
}).sort();

/** The text without fenced blocks and code spans, in which brackets are no links. */
const prose = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '`code`');

/** Anchors as hosting platforms make them of headings: lower case, no punctuation, hyphens for spaces. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

test('every link inside the repository leads to a file or folder, and every anchor to a heading', () => {
  const faults: string[] = [];
  for (const document of documents) {
    for (const [, target] of prose(read(document)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [file, anchor] = target!.split('#') as [string, string | undefined];
      const path = file === '' ? join(root, document) : resolve(root, dirname(document), file);
      if (!existsSync(path)) faults.push(`${document}: ${target} leads nowhere`);
      else if (anchor !== undefined && !anchorsOf(readFileSync(path, 'utf8')).includes(anchor))
        faults.push(`${document}: ${target} names no heading`);
    }
  }
  assert.ok(documents.length >= 20, 'the documents were found');
  report(faults);
});

test('every file that a document names exists', () => {
  const faults: string[] = [];
  for (const document of documents) {
    for (const [, name] of read(document).matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|sql|md|mjs))`/g)) {
      if (!existsSync(join(root, name!)) && !existsSync(join(root, dirname(document), name!)))
        faults.push(`${document}: there is no ${name}`);
    }
  }
  report(faults);
});

interface Branch {
  readonly path: string;
  /** The level beside the name, where the tree gives one. */
  readonly level: number | null;
}

/** The folders of the first tree of a document: names end with a slash, two spaces mean inside the last top one. */
function treeOf(document: string): Branch[] {
  const block = [...read(document).matchAll(/^```\w*\n([\s\S]*?)^```$/gm)]
    .map(([, text]) => text!)
    .find((text) => text.startsWith('contract/'));
  assert.ok(block !== undefined, `${document} has a tree`);
  const branches: Branch[] = [];
  let top = '';
  for (const line of block.split('\n')) {
    const match = /^( *)([\w./-]+\/)\s+(?:(\d+)\s)?/.exec(line);
    if (!match) continue;
    if (match[1] === '') top = match[2]!;
    const path = match[1] === '' ? match[2]! : top + match[2]!;
    branches.push({ path, level: match[3] === undefined ? null : Number(match[3]) });
  }
  return branches;
}

const foldersIn = (path: string) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$|coverage$)/.test(entry.name))
    .map((entry) => `${path}${entry.name}/`);

const contexts = foldersIn('server/src/');

test('the trees name every folder there is, and none that is not', () => {
  const faults: string[] = [];
  for (const document of ['README.md', 'ARCHITECTURE.md']) {
    const named = treeOf(document).map(({ path }) => path);
    for (const path of named) {
      if (!existsSync(join(root, path)) || !statSync(join(root, path)).isDirectory())
        faults.push(`${document}: the tree names ${path}, which does not exist`);
    }
    const expected = document === 'README.md' ? [...foldersIn(''), ...contexts] : contexts;
    for (const path of expected) {
      if (!named.includes(path)) faults.push(`${document}: the tree lacks ${path}`);
    }
  }
  report(faults);
});

test('the levels of ARCHITECTURE.md are those the structure is held to, built or not yet', () => {
  const [, block] = /const LEVELS[^{]*\{([\s\S]*?)\n\};/.exec(read('server/test/architecture.test.ts'))!;
  const levels = new Map(
    [...block!.matchAll(/(\w+): (\d+)/g)].map(([, name, level]) => [name!, Number(level)]),
  );
  assert.ok(levels.size >= 9);
  const notYet = read('ARCHITECTURE.md').split('## Not yet')[1] ?? '';
  const faults: string[] = [];
  for (const { path, level } of treeOf('ARCHITECTURE.md')) {
    const name = /^server\/src\/(\w+)\/$/.exec(path)?.[1];
    if (name !== undefined && levels.get(name) !== level)
      faults.push(`${name} is on level ${levels.get(name)}, the tree says ${level}`);
  }
  for (const name of levels.keys()) {
    const built = contexts.includes(`server/src/${name}/`);
    if (notYet.includes(`\`${name}\``) === built)
      faults.push(`${name} is ${built ? 'built and' : 'not built and not'} listed under "Not yet"`);
  }
  report(faults);
});

test('the table of settings shows the settings as they are', () => {
  const table = /<!-- settings -->\n([\s\S]*?)<!-- \/settings -->/.exec(read('README.md'))?.[1];
  // Compared as a whole and reported as a sentence: the difference would fill the screen.
  assert.ok(table === settingsTable(), 'README.md shows other settings than there are. Run: npm run readme');
});

/** Read by tests alone, so no settings of the product. */
const TEST_VARIABLES = ['SOTTO_SWEEP', 'SOTTO_TEST_CLUSTER_URL'];

test('every variable that a document names is a setting', () => {
  const known = new Set([
    ...TEST_VARIABLES,
    ...Object.values(settings).flatMap(({ variable, secret }) =>
      secret ? [variable, `${variable}_FILE`] : [variable],
    ),
  ]);
  const faults = documents.flatMap((document) =>
    [...read(document).matchAll(/\bSOTTO_[A-Z][A-Z_]*[A-Z]\b/g)]
      .filter(([name]) => !known.has(name))
      .map(([name]) => `${document}: ${name} is no setting`),
  );
  report(faults);
});

test('every command that a document names exists, and README names every command', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const help = spawnSync(process.execPath, [join(root, 'server/src/main/cli.mjs'), '--help'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(help.status, 0, help.stderr);
  const commands = [...help.stdout.matchAll(/^ {2}([a-z][a-z-]*)(?= |$)/gm)].map(([, name]) => name!);
  assert.ok(commands.includes('start'));
  const shown = [...read('README.md').matchAll(/^\| `npx sotto ([a-z-]+)` \|/gm)].map(([, name]) => name!);
  const faults = commands
    .filter((name) => name !== 'help' && !shown.includes(name))
    .map((name) => `README.md: sotto ${name} is not in the table of commands`);
  for (const document of documents) {
    const text = read(document);
    for (const [, name] of text.matchAll(/npm run ([a-z-]+)/g)) {
      if (!(name! in scripts)) faults.push(`${document}: npm run ${name} does not exist`);
    }
    for (const [, name] of text.matchAll(/npx sotto ([a-z][a-z-]*)/g)) {
      if (!commands.includes(name!)) faults.push(`${document}: sotto ${name} does not exist`);
    }
  }
  report(faults);
});
