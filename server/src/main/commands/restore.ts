// `sotto restore`.
import type { Command } from 'commander';
import { answer, type OutputOptions, type Shell, UsageFault } from '../shell.ts';

interface RestoreOptions extends OutputOptions {
  readonly allowExpired?: true;
}

export function addRestore(program: Command, shell: Shell): void {
  program
    .command('restore')
    .argument('<file>', 'what sotto backup wrote, of the database or of the keys')
    .description('put a backup back into an empty directory, and erase again what was erased since')
    .option('--allow-expired', 'use a backup of the keys past its life')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
The whole file is checked before anything is written. A database goes into an empty SOTTO_DATA_DIR, keys into an empty
SOTTO_KEYS_DIR; where both are lost, the keys come first. Killed half-way it leaves nothing that a start would serve: run
it again. It needs the erasure log, by which keys and messages that were erased after the backup are erased again.

Example:
  sotto restore /backups/sotto-database-2027-01-31T120000Z.backup`,
    )
    .action(async (file: string, options: RestoreOptions) => {
      const { readArchive, readBackupSecret } = await import('#platform/archive');
      const config = shell.readConfig();
      const secret = await readBackupSecret(config.backupKeyFile);
      const { facts, files } = await readArchive(file, secret);
      if (facts.kind === 'keys') {
        const { restoreKeys } = await import('../restore-keys.ts');
        const manifest = { facts, files };
        const allowExpired = options.allowExpired === true;
        const { living, destroyedAgain } = await restoreKeys(config, file, secret, manifest, allowExpired);
        answer(shell, options, { ...facts, living, destroyed_again: destroyedAgain }, [
          `${config.keysDir}: ${living} keys live, as of ${facts.created_at}.`,
          `${destroyedAgain} keys that the erasure log names are destroyed in it.`,
        ]);
        return;
      }
      if (options.allowExpired) throw new UsageFault('--allow-expired belongs to a backup of the keys');
      const { restoreDatabase } = await import('../restore-database.ts');
      const restored = await restoreDatabase(config, file, secret, { facts, files });
      answer(
        shell,
        options,
        { ...facts, files: restored.files, distrusted_parts: restored.distrustedParts },
        [
          `${config.dataDir}: the database as of ${facts.created_at}, with everything erased since erased again.`,
          `${restored.distrustedParts} parts were due then and may have been sent since: they are decided as ambiguous.`,
          'Start it: npm start',
        ],
      );
    });
}
