// `sotto doctor`.
import { existsSync, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '#platform/config';
import type { DoctorReport } from '#platform/doctor';
import { Refusal } from '#platform/errors';
import { answer, EXIT_FAILED, type OutputOptions, type Shell } from '../shell.ts';

export function addDoctor(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .description('look at everything a start assumes, and say what to do about what is wrong')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Changes nothing. An embedded database that is not running is started for the look and stopped again.
Ends with exit code 1 when something stands in the way of a start.`,
    )
    .action(async (options: OutputOptions) => {
      const report = await examine(shell.readConfig());
      const { renderDoctor } = await import('#platform/doctor');
      answer(shell, options, report, renderDoctor(report).trimEnd());
      if (!report.healthy) shell.setExitCode(EXIT_FAILED);
    });
}

async function examine(config: Config): Promise<DoctorReport> {
  const { runDoctor } = await import('#platform/doctor');
  // A database that was never made is not made for a look.
  if (config.databaseUrl === undefined && isEmpty(config.dataDir)) return runDoctor(config, undefined);
  const { withDatabase } = await import('../on-ground.ts');
  try {
    return await withDatabase(config, ({ url }) => runDoctor(config, url));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { findings } = await runDoctor(config, undefined);
    return {
      healthy: false,
      findings: [
        ...findings.filter(({ check }) => check !== 'database'),
        { check: 'database', outcome: 'fault', found: error.message, fix: error.waysOut.join(', or ') },
      ],
    };
  }
}

const isEmpty = (folder: string) => !existsSync(folder) || readdirSync(folder).length === 0;
