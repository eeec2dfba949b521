// `sotto key-store`: the keys under which content is sealed. Not API keys, which are `sotto keys`.
import type { Command } from 'commander';
import { Refusal } from '#platform/errors';
import { answer, type OutputOptions, type Shell, UsageFault } from '../shell.ts';

interface MeasureOptions extends OutputOptions {
  readonly keys: string;
  readonly workspaceKeys: string;
  readonly workspaceRows: string;
  readonly rounds: string;
}

const SINGLES_MAX = 100_000;
const WORKSPACE_KEYS_MAX = 100_000;
const WORKSPACE_ROWS_MAX = 1_000_000;
const ROUNDS_MAX = 100;

export function addKeyStore(program: Command, shell: Shell): void {
  const group = program
    .command('key-store')
    .description('the keys that seal content, apart from the database (API keys: sotto keys)');
  group
    .command('status')
    .description('how many keys live and how many were destroyed, in numbers')
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions) => {
      const { onGround } = await import('../on-ground.ts');
      const { living, destroyed, epochs } = await onGround(shell.readConfig(), ({ keyStore }) =>
        keyStore.census(),
      );
      answer(shell, options, { living, destroyed, epochs }, [
        `${living} keys live, ${destroyed} were destroyed.`,
        epochs.length === 1
          ? `All are wrapped under epoch ${epochs[0]}.`
          : `Epochs ${epochs.join(', ')} exist: a rotation was interrupted. Finish it: sotto key-store rotate`,
      ]);
    });
  group
    .command('rotate')
    .description('wrap every living key under a new epoch and destroy the old one')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
What is left of destroyed keys on the disk of the key store becomes unreadable. Safe while servers run, safe to kill, and
finished by calling it again. Backups of the key store hold the epochs of their time, and die by their own expiry.`,
    )
    .action(async (options: OutputOptions) => {
      const [{ rotateEpoch }, { OPERATOR, record }, { onGround }] = await tools();
      const { epoch, resumed, moved, destroyedEpochs } = await onGround(
        shell.readConfig(),
        async ({ db, keyring, keyStore }) => {
          const rotation = await rotateEpoch(keyStore);
          await db.batch((tx) =>
            record(tx, keyring, { action: 'key_store.rotated', actor: OPERATOR, affected: rotation.moved }),
          );
          return rotation;
        },
      );
      answer(
        shell,
        options,
        { epoch, resumed, moved, destroyed_epochs: destroyedEpochs },
        `${resumed ? 'An interrupted rotation was finished: ' : ''}${moved} keys are under epoch ${epoch}; destroyed: ${destroyedEpochs.join(', ') || 'none'}.`,
      );
    });
  group
    .command('rotate-master')
    .description('replace the master key in its file')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Rewrites the file SOTTO_MASTER_KEY_FILE names; while it works, <file>.next lies beside it. Safe while servers of this
machine run, safe to kill, and finished by calling it again. Copy the new file to where the old copy was, and take a new
backup of the key store: older ones open with the old master key alone.`,
    )
    .action(async (options: OutputOptions) => {
      const [, { OPERATOR, record }, { onGround }] = await tools();
      const config = shell.readConfig();
      await onGround(config, async ({ db, keyring, keyStore }) => {
        await keyStore.rotateMaster();
        await db.batch((tx) => record(tx, keyring, { action: 'master_key.rotated', actor: OPERATOR }));
      });
      answer(
        shell,
        options,
        { master_key_file: config.masterKeyFile },
        `The master key in ${config.masterKeyFile} is a new one. Replace the copies of the old one.`,
      );
    });
  group
    .command('measure')
    .description('how long the disk of the key store takes to destroy keys, one by one and by workspace')
    .option('--keys <count>', 'keys destroyed one by one', '1000')
    .option('--workspace-keys <counts>', 'keys of the workspaces destroyed as a whole', '1,10,100,1000')
    .option('--workspace-rows <counts>', 'rows sealed under the keys of each', '1000')
    .option('--rounds <count>', 'how often each workspace is made and destroyed', '1')
    .option('--json', 'answer in JSON: every time that was measured')
    .addHelpText(
      'after',
      `
Measures in a folder of its own beside SOTTO_KEYS_DIR and removes it. The key store itself is not opened, and a running
server is not asked. Erasing somebody takes no less than this, however much is sealed under the keys.`,
    )
    .action((options: MeasureOptions) => measure(shell, options));
}

async function measure(shell: Shell, options: MeasureOptions): Promise<void> {
  const singles = whole('--keys', options.keys, SINGLES_MAX);
  const workspaceKeys = wholes('--workspace-keys', options.workspaceKeys, WORKSPACE_KEYS_MAX);
  const workspaceRows = wholes('--workspace-rows', options.workspaceRows, WORKSPACE_ROWS_MAX);
  const rounds = whole('--rounds', options.rounds, ROUNDS_MAX);
  const config = shell.readConfig();
  if (config.keysUrl !== undefined) {
    throw new Refusal(
      'The keys are on the cluster that SOTTO_KEYS_URL names, and this measures a directory.',
      ['look at the commit times of that cluster'],
    );
  }
  const { linesOf, measureDestruction } = await import('../measure-destruction.ts');
  const { keysDir } = config;
  const times = await measureDestruction({ keysDir, singles, workspaceKeys, workspaceRows, rounds });
  answer(shell, options, times, linesOf(times));
}

const wholes = (flag: string, text: string, most: number): number[] =>
  text.split(',').map((one) => whole(flag, one, most));

function whole(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageFault(`${flag} takes whole numbers from 1 to ${most}`);
}

const tools = () => Promise.all([import('#privacy'), import('#privacy/audit'), import('../on-ground.ts')]);
