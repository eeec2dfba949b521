// The commands as data for commander. Each loads what it does when it is called, so that `--help` is quick.
import { Command } from 'commander';
import type { Config, Overrides } from '#platform/config';

export interface ProgramOptions {
  /** Prints a line of the answer. */
  readonly write: (text: string) => void;
  readonly readConfig: (overrides?: Overrides) => Config;
}

const EXIT_USAGE = 2;

export function createProgram({ write, readConfig }: ProgramOptions): Command {
  const program = new Command('sotto')
    .description('A self-hosted SMS platform whose privacy policy is executable')
    .showHelpAfterError()
    .exitOverride((error) => {
      // Help and version were asked for; everything else is wrong usage.
      process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE);
    });

  program
    .command('start')
    .description('start the server: every role, or those named')
    .option('--role <roles>', 'api, worker, carrier, separated by commas')
    .action(async (options: { role?: string }) => {
      const { start } = await import('./start.ts');
      const clean = await start(readConfig(options.role === undefined ? {} : { role: options.role }), write);
      process.exitCode = clean ? 0 : 1;
    });
  return program;
}
