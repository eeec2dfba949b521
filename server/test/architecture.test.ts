// The structure of ARCHITECTURE.md as a test: who may import whom, where SQL and clocks may live, which names
// a file may not have. It reads the source as text, so it rules code that does not compile yet.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');

/** A context may import strictly lower levels only. */
const LEVELS: Record<string, number> = {
  platform: 0,
  privacy: 1,
  ledger: 2,
  abuse: 2,
  carriers: 2,
  mail: 2,
  telemetry: 2,
  accounts: 3,
  support: 4,
  identity: 4,
  payments: 4,
  numbers: 5,
  messages: 6,
  campaigns: 7,
  verify: 7,
  webhooks: 8,
  compat: 8,
  live: 8,
  reports: 8,
  http: 9,
  main: 10,
};

/** Which workspace packages each package may import; `node` and named npm packages are listed too. */
const PACKAGES: Record<string, { sotto: string[]; npm: string[] | 'any'; node: boolean }> = {
  contract: { sotto: [], npm: ['zod'], node: false },
  text: { sotto: [], npm: [], node: false },
  policy: { sotto: [], npm: ['yaml'], node: false },
  smpp: { sotto: [], npm: [], node: true },
  sdk: { sotto: ['contract'], npm: [], node: false },
  dashboard: { sotto: ['sdk', 'contract', 'text', 'policy'], npm: 'any', node: false },
  simulator: { sotto: ['smpp', 'text', 'sdk'], npm: [], node: true },
  bench: {
    sotto: ['smpp', 'text', 'sdk', 'simulator', 'contract'],
    npm: ['@node-rs/argon2', 'pg', 'smpp'],
    node: true,
  },
  server: {
    sotto: ['contract', 'text', 'policy', 'smpp', 'sdk', 'simulator', 'bench'],
    npm: 'any',
    node: true,
  },
};

/** Faces that only the edge may use: contexts hand these to http and main, not to each other. */
const EDGE_FACES = new Set(['routes', 'jobs', 'steward']);

/** `#ledger/jobs` is for the edge; `#platform/jobs` is a library that every context builds its jobs with. */
function isEdgeFace(target: string): boolean {
  const [context, part] = target.slice(1).split('/') as [string, string | undefined];
  return part !== undefined && context !== 'platform' && EDGE_FACES.has(part);
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function* walk(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (/\.(ts|tsx|mjs)$/.test(entry.name)) yield path;
  }
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((m) => (m[1] ?? m[2] ?? m[3]) as string);
}

function sourcesOf(dir: string): Source[] {
  const base = join(root, dir);
  if (!existsSync(base)) return [];
  return [...walk(base)].map((path) => {
    const text = readFileSync(path, 'utf8');
    return { path: relative(root, path).split(sep).join('/'), text, imports: importsOf(text) };
  });
}

const isTest = (path: string) => /\.test\.tsx?$|(^|\/)test\/|(^|\/)fixtures?\//.test(path);

/** The source with comments and string contents blanked, so that prose cannot trip a rule about code. */
const codeOnly = (text: string) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");

const report = (faults: string[]) => assert.deepEqual(faults, [], `\n${faults.join('\n')}\n`);

const packages = Object.keys(PACKAGES).filter((name) => existsSync(join(root, name, 'package.json')));
const all = packages.flatMap(sourcesOf);
const server = all.filter((s) => s.path.startsWith('server/src/'));
const contextOf = (path: string) => path.split('/')[2] as string;

test('packages import only what the map allows, and nobody imports the server', () => {
  const faults: string[] = [];
  for (const source of all) {
    const name = source.path.split('/')[0] as string;
    const rule = PACKAGES[name]!;
    const loose = isTest(source.path);
    for (const target of source.imports) {
      if (target.startsWith('.')) {
        const resolved = relative(root, resolve(root, dirname(source.path), target)).split(sep)[0];
        if (resolved !== name) faults.push(`${source.path}: reaches out of its package by path: ${target}`);
      } else if (target.startsWith('node:')) {
        if (!rule.node && !loose)
          faults.push(`${source.path}: ${name} is browser-safe, it may not use ${target}`);
      } else if (target.startsWith('#')) {
        if (name !== 'server') faults.push(`${source.path}: only the server has faces: ${target}`);
      } else if (target.startsWith('@sotto/')) {
        const to = target.split('/')[1] as string;
        if (to !== name && !rule.sotto.includes(to))
          faults.push(`${source.path}: ${name} may not import ${to}`);
      } else if (!loose && rule.npm !== 'any') {
        const pkg = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]!;
        if (!rule.npm.includes(pkg)) faults.push(`${source.path}: ${name} may not depend on ${pkg}`);
      }
    }
  }
  report(faults);
});

test('contexts import strictly lower contexts, through their public faces', () => {
  const faces = JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8')).imports as Record<
    string,
    string
  >;
  const faults: string[] = [];
  for (const [face, file] of Object.entries(faces)) {
    if (!existsSync(join(root, 'server', file)))
      faults.push(`server/package.json: ${face} names no file: ${file}`);
  }
  for (const source of server) {
    const from = contextOf(source.path);
    if (LEVELS[from] === undefined) faults.push(`${source.path}: ${from} is no context of ARCHITECTURE.md`);
    if (isTest(source.path)) continue;
    for (const target of source.imports) {
      if (target.startsWith('.')) {
        const to = contextOf(
          relative(root, resolve(root, dirname(source.path), target))
            .split(sep)
            .join('/'),
        );
        if (to !== from) faults.push(`${source.path}: imports ${to} by path, use its face: ${target}`);
      } else if (target.startsWith('#')) {
        const [to] = target.slice(1).split('/') as [string];
        if (!(target in faces)) faults.push(`${source.path}: ${target} is not in the table of faces`);
        if (to === from) faults.push(`${source.path}: imports itself by face, use a path: ${target}`);
        else if (!(LEVELS[to]! < LEVELS[from]!))
          faults.push(`${source.path}: ${from} may not import upwards: ${target}`);
        if (isEdgeFace(target) && from !== 'http' && from !== 'main') {
          faults.push(`${source.path}: ${target} is for http and main alone`);
        }
      }
    }
  }
  report(faults);
});

test('no file is named index, utils, helpers or common, and names are kebab-case', () => {
  const faults: string[] = [];
  for (const { path } of all) {
    const name = basename(path);
    if (/^(index|utils?|helpers?|common|misc)\./.test(name))
      faults.push(`${path}: name the idea, not the drawer`);
    if (
      !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.(ts|mjs)$/.test(name) &&
      !/^[A-Z][A-Za-z0-9]*(\.test)?\.tsx$/.test(name)
    ) {
      faults.push(`${path}: file names are kebab-case`);
    }
  }
  report(faults);
});

test('SQL lives in *.sql.ts and touches only the schema of its own context (checklist 8)', () => {
  const faults: string[] = [];
  const schemas = Object.keys(LEVELS).join('|');
  const mention = new RegExp(`\\b(?:from|join|into|update|only|table)\\s+(${schemas})\\.[a-z_]`, 'gi');
  const builder = new RegExp(`['"](${schemas})\\.[a-z_]+(?: as [a-z_]+)?['"]`, 'g');
  for (const source of server) {
    if (isTest(source.path) || source.path.endsWith('.generated.ts')) continue;
    const own = contextOf(source.path);
    const isSql = source.path.endsWith('.sql.ts');
    for (const [, schema] of source.text.matchAll(mention)) {
      if (!isSql) faults.push(`${source.path}: SQL outside *.sql.ts`);
      else if (schema !== own) faults.push(`${source.path}: SQL of ${own} touches the schema ${schema}`);
    }
    if (isSql) {
      for (const [, schema] of source.text.matchAll(builder)) {
        if (schema !== own) faults.push(`${source.path}: SQL of ${own} names a table of ${schema}`);
      }
    }
    if (/\.selectAll\(/.test(codeOnly(source.text)))
      faults.push(`${source.path}: selectAll hides which columns are read`);
  }
  report(faults);
});

/** Raw SQL names columns no type and no guard can see. */
const takesRawSql = (text: string) => /import\s+(?!type\b)[^;]*\bsql\b[^;]*from\s+'kysely'/.test(text);

/** A read that names no purpose: the builder over all tables, instead of a reader of `#privacy/reading`. */
const readsWithoutPurpose = (text: string) =>
  /\bq\s*\.\s*(select\w*|with|withRecursive|withSchema)\(/.test(codeOnly(text));

test('reads name a purpose: no raw SQL outside *.sql.ts, no select on the builder over all tables (checklist 8)', () => {
  const faults: string[] = [];
  for (const source of server) {
    if (isTest(source.path)) continue;
    if (takesRawSql(source.text) && !source.path.endsWith('.sql.ts'))
      faults.push(`${source.path}: raw SQL belongs in *.sql.ts`);
    // Platform lies below privacy and holds nothing about anybody; its reads are for operations.
    if (contextOf(source.path) !== 'platform' && readsWithoutPurpose(source.text))
      faults.push(`${source.path}: reads go through a reader of #privacy/reading, which names a purpose`);
  }
  report(faults);
});

test('foreign keys of migrations point downward', () => {
  const faults: string[] = [];
  const dir = join(root, 'server/migrations');
  const files = existsSync(dir) ? readdirSync(dir).sort() : [];
  files.forEach((file, at) => {
    if (!new RegExp(`^${String(at + 1).padStart(4, '0')}-[a-z0-9-]+\\.sql$`).test(file)) {
      faults.push(`server/migrations/${file}: migrations are one numbered line, expected number ${at + 1}`);
    }
    const text = readFileSync(join(dir, file), 'utf8').replace(/--[^\n]*/g, '');
    let table = '';
    for (const match of text.matchAll(
      /(?:create table(?: if not exists)?|alter table(?: only)?)\s+([a-z_]+)\.[a-z_]+|references\s+([a-z_]+)\.[a-z_]+/gi,
    )) {
      if (match[1]) table = match[1];
      else if (match[2] && match[2] !== table && !(LEVELS[match[2]]! < LEVELS[table]!)) {
        faults.push(`server/migrations/${file}: ${table} refers to ${match[2]}, which is not below it`);
      }
    }
  });
  report(faults);
});

test('decisions take time from the database: no wall clock outside the clock', () => {
  const faults: string[] = [];
  for (const source of server) {
    if (isTest(source.path) || source.path === 'server/src/platform/clock.ts') continue;
    if (/\bDate\.now\(|\bnew Date\(\s*\)|Temporal\.Now\b/.test(codeOnly(source.text))) {
      faults.push(`${source.path}: use platform.clock() in SQL, or #platform/clock for timers`);
    }
    if (
      source.path.endsWith('.sql.ts') &&
      /\b(now\(\)|current_timestamp|clock_timestamp\(\)|statement_timestamp\(\))/i.test(source.text)
    ) {
      faults.push(`${source.path}: SQL decides by (select platform.clock())`);
    }
  }
  report(faults);
});

test('the environment is read in one place, and calls leave through one door', () => {
  const faults: string[] = [];
  for (const source of server) {
    if (isTest(source.path)) continue;
    const code = codeOnly(source.text);
    if (/\bprocess\.env\b/.test(code) && !source.path.startsWith('server/src/platform/config')) {
      faults.push(`${source.path}: the environment is read by platform/config alone`);
    }
    const egress = source.path.startsWith('server/src/privacy/egress');
    const client =
      source.path.startsWith('server/src/main/') ||
      source.path.startsWith('server/src/carriers/smpp/') ||
      // Between processes of the installation; no recipient is at the other end.
      source.path.startsWith('server/src/live/relay/');
    if (!egress && !client) {
      if (/\bfetch\(/.test(code) && !/\.fetch\(/.test(code))
        faults.push(`${source.path}: outbound calls go through the egress client`);
      for (const target of source.imports) {
        if (/^nodemailer/.test(target) && source.path !== 'server/src/mail/smtp-transport.ts')
          faults.push(`${source.path}: mail leaves through mail/smtp-transport.ts`);
        if (
          /^node:(http|https|http2|net|tls|dgram)$|^undici$/.test(target) &&
          !/^import type/m.test(source.text)
        ) {
          faults.push(
            `${source.path}: opens its own connections (${target}); outbound calls go through the egress client`,
          );
        }
      }
    }
  }
  report(faults);
});

/** Where a pattern is put together, of parts that stand in the code. */
const PATTERNS_OF_PARTS = new Set([
  'server/src/http/server.ts',
  'server/src/mail/address.ts',
  'server/src/accounts/token.ts',
  'contract/ids.ts',
  'text/codes/dates.ts',
]);

test('no pattern is made of what a caller says (checklist 9)', () => {
  const shipped = all.filter(({ path }) => /^(server\/src|contract|text|smpp|policy|sdk)\//.test(path));
  const making = shipped.filter(({ path, text }) => !isTest(path) && /\bRegExp\(/.test(codeOnly(text)));
  assert.deepEqual(
    making.map(({ path }) => path).toSorted(),
    [...PATTERNS_OF_PARTS].toSorted(),
    'a pattern of parts is reviewed, and its file is listed here',
  );
});

test('every context says what it owns, and has a steward when it has tables', () => {
  const faults: string[] = [];
  const dir = join(root, 'server/src');
  const tables = existsSync(join(root, 'server/schema.sql'))
    ? readFileSync(join(root, 'server/schema.sql'), 'utf8')
    : '';
  for (const entry of existsSync(dir) ? readdirSync(dir, { withFileTypes: true }) : []) {
    if (!entry.isDirectory()) continue;
    if (!existsSync(join(dir, entry.name, 'README.md')))
      faults.push(`server/src/${entry.name}: has no README.md`);
    const owns = new RegExp(`^create table ${entry.name}\\.`, 'm').test(tables);
    if (owns && !existsSync(join(dir, entry.name, 'steward.ts')))
      faults.push(`server/src/${entry.name}: has tables and no steward.ts`);
  }
  report(faults);
});

test('the rules of this file bite', () => {
  assert.deepEqual(
    [
      '#ledger/jobs',
      '#messages/routes',
      '#privacy/steward',
      '#platform/jobs',
      '#platform/routes',
      '#ledger',
    ].map(isEdgeFace),
    [true, true, true, false, false, false],
  );
  assert.deepEqual(
    importsOf("import { a } from '#ledger';\nimport './x.ts';\nconst b = await import('#messages/routes');"),
    ['#ledger', './x.ts', '#messages/routes'],
  );
  assert.ok(takesRawSql("import { type Kysely, sql } from 'kysely';"));
  assert.ok(!takesRawSql("import type { sql } from 'kysely';\nimport { x } from './a.sql.ts';"));
  assert.ok(readsWithoutPurpose("const page = q\n  .selectFrom('ledger.wallet')"));
  assert.ok(readsWithoutPurpose("q.with('x', (on) => on.selectFrom('ledger.wallet'))"));
  assert.ok(!readsWithoutPurpose("q.insertInto('ledger.wallet'); read(tx, 'billing').selectFrom('x')"));
  assert.match(codeOnly('const t = Date.now();'), /Date\.now\(/);
  assert.doesNotMatch(codeOnly('// Date.now() is banned\nconst t = "Date.now()";'), /Date\.now\(/);
});
