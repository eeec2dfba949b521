// `sotto migrate`.
import type { Command } from 'commander';
import { answer, type OutputOptions, type Shell } from '../shell.ts';

export function addMigrate(program: Command, shell: Shell): void {
  program
    .command('migrate')
    .description("bring the database to this release's schema, and make the partitions of the coming days")
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
May be repeated, and may run while servers of the previous release run. \`sotto start\` does the same before it serves.`,
    )
    .action(async (options: OutputOptions) => {
      const { migrate } = await import('#platform/migrate');
      const { withDatabase } = await import('../on-ground.ts');
      const { applied, version } = await withDatabase(shell.readConfig(), ({ url }) => migrate(url));
      answer(
        shell,
        options,
        { applied, version },
        applied.length === 0
          ? `Nothing to do: the database is at migration ${version}.`
          : [...applied.map((name) => `applied ${name}`), `The database is at migration ${version}.`],
      );
    });
}
