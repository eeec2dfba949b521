// `npm test`: everything a change must pass. Static checks run beside the tests, the tests share one PostgreSQL
// cluster, and the last lines say what failed. `npm test -- <pattern>` runs only the test files whose path has it.
import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { startTestCluster } from '../server/test/cluster.ts';
import { type Sharing, sharingOf } from './shared-process.ts';

const root = resolve(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const patterns = process.argv.slice(2);

/** Files share one process, one after another. */
const TOGETHER = ['--test-isolation=none'];
/** A test that hangs must not hang the run. */
const TEST_TIMEOUT_MS = 180_000;

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

/** Each finds what a compiler or a reader would; none needs the database. */
const CHECKS: readonly Step[] = [
  { name: 'types', command: [bin('tsc'), '--noEmit'] },
  { name: 'lint', command: [bin('biome'), 'ci', '--reporter=summary', '.'] },
  { name: 'dead code', command: [bin('knip')] },
  { name: 'openapi drift', command: [bin('node'), 'scripts/openapi.ts', '--check'] },
  { name: 'readme drift', command: [bin('node'), 'scripts/readme.ts', '--check'] },
];

const files = globSync('**/*.test.ts', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|must-not-compile)(\/|$)/.test(path),
})
  .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)))
  .sort();

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

const running = new Set<ChildProcess>();

function run(step: Step, env: NodeJS.ProcessEnv, show: boolean): Promise<Outcome> {
  const started = performance.now();
  return new Promise((done) => {
    const [command, ...args] = step.command;
    const child = spawn(command!, args, {
      cwd: root,
      env,
      stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (code) => {
      running.delete(child);
      done({ name: step.name, ok: code === 0, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

const cache = join(root, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });

const cluster = await startTestCluster();
const stop = async () => {
  for (const child of running) child.kill('SIGTERM');
  await cluster.stop();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stop().finally(() => process.exit(130)));
}

const env = {
  ...process.env,
  NODE_ENV: 'test',
  SOTTO_TEST_CLUSTER_URL: cluster.url,
  // Hundreds of processes load the same modules: their types are stripped and their code is compiled once.
  NODE_COMPILE_CACHE: join(cache, 'compiled'),
};
const outcomes: Outcome[] = [];
try {
  const checks = (async () => {
    if (patterns.length > 0) return;
    // One after another: they share the processors with the tests.
    outcomes.push(
      await run({ name: 'schema drift', command: [bin('node'), 'scripts/schema.ts', '--check'] }, env, false),
    );
    for (const check of CHECKS) outcomes.push(await run(check, process.env, false));
  })();
  const shared = new Map<string, Sharing>(
    files.map((path) => [path, sharingOf(path, readFileSync(join(root, path), 'utf8'))]),
  );
  const having = (sharing: Sharing) => files.filter((path) => shared.get(path) === sharing);
  const tests = async (
    name: string,
    report: string,
    options: readonly string[],
    paths: readonly string[],
  ) => {
    if (paths.length === 0) return;
    const command = [
      bin('node'),
      '--test',
      '--disable-warning=ExperimentalWarning',
      ...options,
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      '--test-reporter=spec',
      `--test-reporter-destination=${join(cache, report)}`,
      ...paths,
    ];
    outcomes.push(await run({ name: `${name} in ${paths.length} files`, command }, env, true));
  };
  await Promise.all([
    checks,
    (async () => {
      await tests('rules', 'test-report-rules.txt', TOGETHER, having('rules'));
      await tests('databases', 'test-report-databases.txt', TOGETHER, having('databases'));
    })(),
    // Beside them as many at a time as there are processors: a test waits for its database, for sockets, for a clock.
    tests('processes', 'test-report.txt', [`--test-concurrency=${availableParallelism()}`], having(null)),
  ]);
} finally {
  await stop();
}

console.log('');
for (const outcome of outcomes) {
  console.log(`${outcome.ok ? 'ok    ' : 'FAILED'} ${outcome.name} (${outcome.seconds.toFixed(1)} s)`);
  if (!outcome.ok && outcome.output) console.log(outcome.output.trimEnd().split('\n').slice(-60).join('\n'));
}
const failed = outcomes.filter((outcome) => !outcome.ok).length;
console.log(`\n${outcomes.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
