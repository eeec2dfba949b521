// `sotto backup`.
import type { Command } from 'commander';
import { answer, EXIT_FAILED, type OutputOptions, type Shell, UsageFault } from '../shell.ts';

interface BackupOptions extends OutputOptions {
  readonly keys?: true;
  readonly expiresAfter?: string;
  readonly checkExternal?: true;
}

const KEYS_EXPIRE_AFTER = 'P14D';

export function addBackup(program: Command, shell: Shell): void {
  program
    .command('backup')
    .argument('[place]', 'the file to write, or a folder for it')
    .description('copy the embedded database, or the key store, into one sealed file')
    .option('--keys', 'the key store instead of the database')
    .option(
      '--expires-after <duration>',
      `how long a backup of the keys may be used (default: ${KEYS_EXPIRE_AFTER})`,
    )
    .option(
      '--check-external',
      'write nothing: say whether an external database is ready for its own backups',
    )
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Sealed with the key in the file SOTTO_BACKUP_KEY_FILE names. Safe while servers run. Replaces no file; when it fails or
is killed, there is none under the name. The database's backup never holds a key; keep those of the keys apart from it,
and no longer than they live. The master key and the erasure log are in neither: keep copies of both.

Examples:
  sotto backup /backups
  sotto backup --keys /other-backups --expires-after P7D
  sotto backup --check-external`,
    )
    .action(async (place: string | undefined, options: BackupOptions) => {
      if (options.checkExternal) return checkExternal(shell, place, options);
      if (place === undefined) throw new UsageFault('where to? Name a file or a folder');
      if (options.keys) return backUpKeyStore(shell, place, options);
      if (options.expiresAfter !== undefined)
        throw new UsageFault(
          '--expires-after belongs to --keys: a backup of the database dies with its keys',
        );
      const { backUpDatabase } = await import('../back-up-database.ts');
      const { file, facts, ...written } = await backUpDatabase(shell.readConfig(), place);
      answer(shell, options, { file, ...shown(written), ...facts }, [
        `${file}: ${written.files} files of the database, ${megabytes(written.archiveOctets)} MB.`,
        `As it was at ${facts.stop_lsn}, migration ${facts.migration}.`,
      ]);
    });
}

async function backUpKeyStore(shell: Shell, place: string, options: BackupOptions): Promise<void> {
  const lifetime = lifetimeOf(options.expiresAfter ?? KEYS_EXPIRE_AFTER);
  const { backUpKeys } = await import('../back-up-keys.ts');
  const { file, facts, ...written } = await backUpKeys(shell.readConfig(), place, lifetime);
  answer(shell, options, { file, ...shown(written), ...facts }, [
    `${file}: ${written.files} files of the key store, without the master key.`,
    `Delete it on ${facts.expires_at.slice(0, 10)}: until then, what is erased could be read with it.`,
  ]);
}

/** A duration of ISO 8601 that lies ahead, in days or weeks. */
function lifetimeOf(text: string): Temporal.Duration {
  if (/^P(?=\d)(?:\d{1,3}W)?(?:\d{1,3}D)?$/.test(text)) {
    const lifetime = Temporal.Duration.from(text);
    if (lifetime.sign > 0) return lifetime;
  }
  throw new UsageFault('--expires-after must be days or weeks, such as P14D or P2W');
}

async function checkExternal(shell: Shell, place: string | undefined, options: BackupOptions): Promise<void> {
  if (place !== undefined || options.keys || options.expiresAfter !== undefined)
    throw new UsageFault('--check-external stands alone');
  const { checkExternalBackup } = await import('../external-backup.ts');
  const { renderDoctor } = await import('#platform/doctor');
  const report = await checkExternalBackup(shell.readConfig());
  answer(shell, options, report, renderDoctor(report).split('\n\n')[0]!);
  if (!report.healthy) shell.setExitCode(EXIT_FAILED);
}

const shown = (written: { files: number; contentOctets: number; archiveOctets: number }) => ({
  files: written.files,
  content_octets: written.contentOctets,
  archive_octets: written.archiveOctets,
});

const megabytes = (octets: number) => (octets / 1_000_000).toFixed(1);
