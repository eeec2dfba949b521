// `sotto start`.
import type { Command } from 'commander';
import { EXIT_FAILED, type Shell } from '../shell.ts';

export function addStart(program: Command, shell: Shell): void {
  program
    .command('start')
    .description('start the server: every role, or those named')
    .option('--role <roles>', 'api, worker, carrier, separated by commas')
    .addHelpText(
      'after',
      `
Runs until SIGTERM or SIGINT (Ctrl-C), then finishes what it has begun. A second Ctrl-C ends it at once; nothing that
was acknowledged is lost.

Examples:
  sotto start
  sotto start --role api
  SOTTO_PORT=8080 SOTTO_LOG_LEVEL=info sotto start`,
    )
    .action(async ({ role }: { role?: string }) => {
      const { start } = await import('../start.ts');
      const clean = await start(shell.readConfig(role === undefined ? {} : { role }), shell.out);
      if (!clean) shell.setExitCode(EXIT_FAILED);
    });
}
