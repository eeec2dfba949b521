// `sotto erasures`: the log by which a restore erases again.
import type { Command } from 'commander';
import { answer, type OutputOptions, type Shell, UsageFault } from '../shell.ts';

export function addErasures(program: Command, shell: Shell): void {
  const group = program
    .command('erasures')
    .description('the log of what was erased, by which a restore erases it again');
  group
    .command('status')
    .description('where the log is and how much it names')
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions) => {
      const { onGround } = await import('../on-ground.ts');
      const config = shell.readConfig();
      const head = await onGround(config, ({ erasureLog }) => erasureLog.head());
      const place = config.keysUrl === undefined ? config.erasureLog : 'the key cluster';
      answer(shell, options, { place, ...head }, [
        `The erasure log (${place}) has ${head.sequence} entries; database and key store are up to it.`,
      ]);
    });
  group
    .command('begin')
    .description('begin a new log where the old one is lost')
    .option('--accept-loss', 'accept that what was erased since the last backup is not known any more')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Needed once: after the log was lost or damaged. On a database and key store that were not restored, nothing comes back by
it. On restored ones, what was erased after their backups stays readable, and nobody can say what it is: tell whoever
answers for privacy. A log that is there is set aside under another name.`,
    )
    .action(async (options: OutputOptions & { acceptLoss?: true }) => {
      if (!options.acceptLoss)
        throw new UsageFault('a new log forgets what the old one knew: say --accept-loss');
      const { beginErasureLog } = await import('../begin-erasure-log.ts');
      const { place, log, setAside } = await beginErasureLog(shell.readConfig());
      answer(shell, options, { place, log, set_aside: setAside }, [
        `A new erasure log begins: ${place}.`,
        ...(setAside === null ? [] : [`What was there is in ${setAside}.`]),
      ]);
    });
}
