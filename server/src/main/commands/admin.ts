// `sotto admin`: the first administrator, by a one-time token. There is no default password and no default key.
import type { Command } from 'commander';
import { Refusal } from '#platform/errors';
import { answer, type OutputOptions, type Shell } from '../shell.ts';

export function addAdmin(program: Command, shell: Shell): void {
  const admin = program.command('admin').description('administrators of this installation');
  admin
    .command('create')
    .description('print a one-time token that makes an administrator')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
The token is good for 15 minutes and for one use; the latest one alone works. Exchange it with \`sotto admin redeem\`.`,
    )
    .action(async (options: OutputOptions) => {
      const [{ createAdminToken }, { onGroundUnderPolicy }] = await Promise.all([
        import('#accounts'),
        import('../on-ground.ts'),
      ]);
      const token = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
        db.batch((tx) => createAdminToken(tx, keyring)),
      );
      answer(shell, options, { token, valid_for_seconds: 900 }, token);
      if (!options.json) shell.note('Good for 15 minutes and one use: sotto admin redeem <token>');
    });
  admin
    .command('redeem')
    .argument('<token>', 'the one-time token, or - to read it from standard input')
    .description("exchange a one-time token for an administrator's key, which is shown this once")
    .option('--name <name>', 'what the key is called', 'First administrator')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Example:
  sotto admin create | sotto admin redeem -`,
    )
    .action(async (given: string, options: OutputOptions & { name: string }) => {
      const token = given === '-' ? (await shell.readInput()).trim() : given;
      const [{ redeemAdminToken }, { onGroundUnderPolicy }, { encodeId }] = await Promise.all([
        import('#accounts'),
        import('../on-ground.ts'),
        import('@sotto/contract'),
      ]);
      const redeemed = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
        db.batch((tx) => redeemAdminToken(tx, keyring, token, options.name)),
      );
      if (redeemed === null) {
        throw new Refusal(
          'The token is not one that works: it is mistyped, used, replaced or older than 15 minutes.',
          ['make another: sotto admin create'],
        );
      }
      answer(shell, options, { id: encodeId('key', redeemed.key.id), key: redeemed.token }, redeemed.token);
      if (!options.json)
        shell.note(
          'This key is shown once. Keep it where you keep passwords; POST /v1/admin/staff makes people staff with it.',
        );
    });
}
