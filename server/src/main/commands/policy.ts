// `sotto policy`: read, show and compare policies. None of these needs a server or touches a database.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Feature } from '@sotto/policy/vocabulary/features';
import type { Language } from '@sotto/policy/vocabulary/people';
import type { Command } from 'commander';
import type { PolicyFile } from '../policy/policy-file.ts';
import { answer, columns, EXIT_FAILED, type OutputOptions, type Shell, UsageFault } from '../shell.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const PROMISES = 'policies/promises.yaml';
const ARGUMENT = [
  '[policy]',
  'name of a profile or path of a file; the policy of SOTTO_POLICY when left out',
] as const;

export function addPolicy(program: Command, shell: Shell): void {
  const policy = program.command('policy').description('read, show and compare privacy policies');
  addCheck(policy, shell);
  addRender(policy, shell);
  addDiff(policy, shell);
  addRopa(policy, shell);
  addCoverage(policy, shell);
  addPublish(policy, shell);
  addHistory(policy, shell);
}

function addCheck(policy: Command, shell: Shell): void {
  policy
    .command('check')
    .argument(...ARGUMENT)
    .description('say whether a policy can be run: its grammar, itself, and the law')
    .option(
      '--production',
      'as production would: placeholders and unattested contracts of a strict policy are refused',
    )
    .option('--json', 'answer in JSON')
    .action(async (name: string | undefined, options: OutputOptions & { production?: true }) => {
      const { file, faultLine } = await read(shell, name, options.production);
      const { hash, warnings } = file;
      const heading = file.policy.policy;
      answer(
        shell,
        options,
        { policy: file.name, id: heading.id, version: heading.version, hash, warnings },
        [
          `${file.name}: ${heading.id} ${heading.version} can be run.`,
          `  ${hash}`,
          ...warnings.map((warning) => `  warning ${faultLine(file.name, warning)}`),
        ],
      );
    });
}

function addRender(policy: Command, shell: Shell): void {
  policy
    .command('render')
    .argument(...ARGUMENT)
    .description('print the public page')
    .option('--format <format>', 'html or markdown', 'markdown')
    .option('--language <language>', 'en or ar', 'en')
    .option('--json', 'answer in JSON: every statement with its obligation')
    .action(
      async (name: string | undefined, options: OutputOptions & { format: string; language: string }) => {
        const { format, language } = options;
        if (format !== 'html' && format !== 'markdown')
          throw new UsageFault('--format must be html or markdown');
        const { file, pageOf } = await read(shell, name);
        const { languages } = file.policy.policy;
        if (!(languages as readonly string[]).includes(language)) {
          throw new UsageFault(`--language must be one of the policy's own: ${languages.join(', ')}`);
        }
        const { renderHtml, renderMarkdown } = await rendering();
        const page = pageOf(file, language as Language);
        answer(shell, options, page, format === 'html' ? renderHtml(page) : renderMarkdown(page));
      },
    );
}

function addDiff(policy: Command, shell: Shell): void {
  policy
    .command('diff')
    .argument('<before>', 'name of a profile or path of a file')
    .argument('<after>', 'the same')
    .description('compare what two policies promise; material changes need a notice')
    .option('--json', 'answer in JSON')
    .action(async (before: string, after: string, options: OutputOptions) => {
      const [older, newer] = [await read(shell, before), await read(shell, after)];
      const { diffPolicies } = await import('@sotto/policy');
      const changes = diffPolicies(older.file.policy, newer.file.policy);
      answer(
        shell,
        options,
        { before: older.file.hash, after: newer.file.hash, changes },
        columns(
          ['', 'obligation', 'what', 'changed'],
          changes.map(({ kind, material, obligation, reason }) => [
            material ? 'material' : '',
            obligation,
            kind,
            reason,
          ]),
          'Both promise the same.',
        ),
      );
    });
}

function addRopa(policy: Command, shell: Shell): void {
  policy
    .command('ropa')
    .argument(...ARGUMENT)
    .description('print the record of processing activities (GDPR Art. 30)')
    .option('--as <role>', 'controller (Art. 30(1)) or processor (Art. 30(2))', 'controller')
    .option('--format <format>', 'json or csv', 'json')
    .option('--json', 'the same as --format json')
    .action(async (name: string | undefined, options: OutputOptions & { as: string; format: string }) => {
      const { as, format } = options;
      if (as !== 'controller' && as !== 'processor')
        throw new UsageFault('--as must be controller or processor');
      if (format !== 'json' && format !== 'csv') throw new UsageFault('--format must be json or csv');
      const { file } = await read(shell, name);
      const written = await recordOf(file, as, options.json ? 'json' : format);
      if (as === 'processor')
        shell.note('The customers of this list are kept by the installation, not by the policy.');
      shell.out(written.trimEnd());
    });
}

function addCoverage(policy: Command, shell: Shell): void {
  policy
    .command('coverage')
    .description('list every promise of the modelled policies with the code and the test that keep it')
    .option('--profile <name>', 'those of one profile')
    .option('--status <status>', 'covered or open')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
A row that is marked covered and names code or a test that does not exist ends the command with exit code 1.`,
    )
    .action(async (options: OutputOptions & { profile?: string; status?: string }) => {
      const { readPromises } = await import('@sotto/policy/promises/read-promises');
      const { coverage } = await import('@sotto/policy/promises/coverage');
      const { Refusal } = await import('#platform/errors');
      const reading = readPromises(readFileSync(resolve(ROOT, PROMISES), 'utf8'));
      if (!reading.ok) {
        throw new Refusal(
          `${PROMISES} cannot be read.\n${reading.faults.map(({ line, sentence }) => `  ${PROMISES}:${line} ${sentence}`).join('\n')}`,
        );
      }
      const result = coverage(reading.rows, (path) => existsSync(resolve(ROOT, path)));
      const rows = reading.rows
        .map((row, at) => ({ ...row, ...result.rows[at]! }))
        .filter(
          ({ profile, status }) =>
            (options.profile === undefined || profile === options.profile) &&
            (options.status === undefined || status === options.status),
        );
      const faulty = result.rows.filter(({ faults, status }) => status === 'faulty' || faults.length > 0);
      const { covered, open } = result.totals;
      answer(shell, options, { totals: result.totals, rows, faults: faulty }, [
        ...columns(
          ['promise', 'obligation', 'assurance', 'status', 'enforced by', 'test'],
          rows.map((row) => [
            row.id,
            row.obligation,
            row.assurance.join(', '),
            'part' in row ? `open: ${row.part}` : row.status,
            row.enforcing ?? '',
            row.test ?? '',
          ]),
          'No promise is of that kind.',
        ),
        '',
        `${result.rows.length} promises: ${covered} covered, ${open} open${faulty.length > 0 ? `, ${faulty.length} with faults` : ''}.`,
        ...faulty.flatMap(({ id, faults }) => faults.map((fault) => `  ${id} ${fault}`)),
      ]);
      if (faulty.length > 0) shell.setExitCode(EXIT_FAILED);
    });
}

function addPublish(policy: Command, shell: Shell): void {
  policy
    .command('publish')
    .argument(...ARGUMENT)
    .description('publish a version: from then on it may be run, and the next one is compared with it')
    .option('--json', 'answer in JSON')
    .action(async (name: string | undefined, options: OutputOptions) => {
      const config = shell.readConfig();
      const { file } = await read(shell, name ?? config.policy, config.production);
      const [{ onGround }, { publishPolicy }, { today }] = await Promise.all([
        import('../on-ground.ts'),
        import('../policy/publishing.ts'),
        import('../policy/today.ts'),
      ]);
      const { isNew, changes, material } = await onGround(config, ({ db }) =>
        publishPolicy(db, file, { today: today(), notice: true }),
      );
      const { version, effective } = file.policy.policy;
      answer(
        shell,
        options,
        { policy: file.name, version, effective, hash: file.hash, is_new: isNew, material, changes },
        isNew
          ? [
              `${file.name} ${version} is published and takes effect on ${effective}.`,
              ...changes.map(
                ({ obligation, reason, ...change }) =>
                  `  ${change.material ? 'material ' : ''}${obligation}: ${reason}`,
              ),
            ]
          : [`${file.name} ${version} was published before.`],
      );
    });
}

const HISTORY_MAX = 100;

function addHistory(policy: Command, shell: Shell): void {
  policy
    .command('history')
    .description('list what was published, the latest first')
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions) => {
      const [{ onGround }, { listPolicies }] = await Promise.all([
        import('../on-ground.ts'),
        import('#privacy/policy-versions'),
      ]);
      const rows = await onGround(shell.readConfig(), ({ db }) =>
        db.batch((tx) => listPolicies(tx, HISTORY_MAX)),
      );
      const data = rows.map(({ name, version, effective, hash, material, published_at }) => ({
        policy: name,
        version,
        effective,
        hash,
        material,
        published_at: published_at.toISOString(),
      }));
      answer(
        shell,
        options,
        { data },
        columns(
          ['policy', 'version', 'in effect from', 'published', ''],
          data.map((one) => [
            one.policy,
            one.version,
            one.effective,
            one.published_at,
            one.material ? 'material' : '',
          ]),
          'Nothing was published yet.',
        ),
      );
    });
}

/** The record of processing under a policy, as it stands today. */
async function recordOf(
  { policy }: PolicyFile,
  as: 'controller' | 'processor',
  format: 'json' | 'csv',
): Promise<string> {
  const [{ compile }, { controllerRecord }, { processorRecord }, csv, { featuresOf }, { today }] =
    await Promise.all([
      import('@sotto/policy'),
      import('@sotto/policy/processing-record/controller-record'),
      import('@sotto/policy/processing-record/processor-record'),
      import('@sotto/policy/processing-record/record-csv'),
      import('../policy/features.ts'),
      import('../policy/today.ts'),
    ]);
  const features = featuresOf(policy);
  const now = { isOn: (feature: Feature) => features.has(feature), today: today() };
  if (as === 'controller') {
    const record = controllerRecord(policy, compile(policy), now);
    return format === 'csv' ? csv.controllerCsv(record) : JSON.stringify(record, null, 2);
  }
  const record = processorRecord(policy, compile(policy), [], now);
  if (record === null) return format === 'csv' ? '' : 'null';
  return format === 'csv' ? csv.processorCsv(record) : JSON.stringify(record, null, 2);
}

const rendering = async () => {
  const [{ renderHtml }, { renderMarkdown }] = await Promise.all([
    import('@sotto/policy/render/html'),
    import('@sotto/policy/render/markdown'),
  ]);
  return { renderHtml, renderMarkdown };
};

async function read(shell: Shell, name: string | undefined, production?: boolean) {
  const { faultLine, readPolicyFile } = await import('../policy/policy-file.ts');
  const { pageOf } = await import('../policy/public-page.ts');
  const { today } = await import('../policy/today.ts');
  const config = name === undefined || production === undefined ? shell.readConfig() : undefined;
  const file = await readPolicyFile(name ?? config!.policy, {
    production: production ?? config?.production ?? false,
    today: today(),
  });
  return { file, faultLine, pageOf };
}
