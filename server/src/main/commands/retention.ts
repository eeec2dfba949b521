// `sotto retention`: how things end here, and legal holds, for an operator on the machine.
import type { Command } from 'commander';
import { AppError, Refusal } from '#platform/errors';
import { answer, columns, type OutputOptions, type Shell, UsageFault } from '../shell.ts';
import { uuidOf } from './ids.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function addRetention(program: Command, shell: Shell): void {
  const retention = program.command('retention').description('how long things are kept, and legal holds');
  retention
    .command('report')
    .description('for each rule of the policy: its limit, the oldest there is, what is overdue or held')
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions) => {
      const { expiryHandlers, limitsOf, onGroundUnderPolicy, retentionReport } = await tools();
      const reports = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }, { policy }) =>
        retentionReport({ db, limits: limitsOf(policy), handlers: expiryHandlers(keyring) }),
      );
      const data = reports.map((one) => ({
        key: one.key,
        limit: one.limit,
        from: one.from,
        disposal: one.disposal,
        tables: one.tables,
        oldest_age_seconds: one.oldestAgeSeconds,
        overdue: one.overdue,
        oldest_overdue_seconds: one.oldestOverdueSeconds,
        held: one.held,
      }));
      answer(
        shell,
        options,
        { data },
        columns(
          ['rule', 'limit', 'from', 'oldest (s)', 'overdue', 'held'],
          data.map((one) => [
            one.key,
            one.limit,
            one.from,
            `${one.oldest_age_seconds ?? '-'}`,
            `${one.overdue}`,
            `${one.held}`,
          ]),
          'The policy in force has no retention rule.',
        ),
      );
    });
  retention
    .command('holds')
    .description('legal holds that stand, the oldest first')
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions) => {
      const { encodeId, listLegalHolds, onGroundUnderPolicy } = await tools();
      const holds = await onGroundUnderPolicy(shell.readConfig(), ({ db }) => db.batch(listLegalHolds));
      const data = holds.map((hold) => ({
        id: hold.id,
        workspace_id: encodeId('wrk', hold.workspaceId),
        reason: hold.reason,
        placed_at: hold.placedAt.toISOString(),
      }));
      answer(
        shell,
        options,
        { data },
        columns(
          ['id', 'workspace', 'placed', 'reason'],
          data.map((hold) => [hold.id, hold.workspace_id, hold.placed_at, hold.reason]),
          'No legal hold stands.',
        ),
      );
    });
  retention
    .command('hold')
    .argument('<workspace>', 'its id, wrk_...')
    .description('dispose of nothing of a workspace until the hold is lifted')
    .requiredOption('--reason <code>', 'why, as a code such as court_order')
    .option('--json', 'answer in JSON')
    .action(async (given: string, options: OutputOptions & { reason: string }) => {
      const workspaceId = uuidOf('wrk', given);
      if (!/^[a-z][a-z0-9_]{0,63}$/.test(options.reason))
        throw new UsageFault('--reason must be a code such as court_order');
      const { findWorkspaces, onGroundUnderPolicy, placeLegalHold } = await tools();
      const hold = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
        db.batch(async (tx) => {
          if ((await findWorkspaces(tx, keyring, [workspaceId])).length === 0)
            throw new AppError('not_found', { detail: 'There is no such workspace.' });
          return placeLegalHold(tx, workspaceId, options.reason);
        }),
      );
      answer(shell, options, { id: hold.id, workspace_id: given, reason: hold.reason }, hold.id);
      if (!options.json) shell.note(`Lift it with: sotto retention lift ${hold.id}`);
    });
  retention
    .command('lift')
    .argument('<hold>', 'its id, as `sotto retention holds` shows it')
    .description('let what a hold keeps end again')
    .option('--json', 'answer in JSON')
    .action(async (id: string, options: OutputOptions) => {
      if (!UUID.test(id)) throw new UsageFault('a hold is named by a UUID in lower case');
      const { liftLegalHold, onGroundUnderPolicy } = await tools();
      const lifted = await onGroundUnderPolicy(shell.readConfig(), ({ db }) =>
        db.batch((tx) => liftLegalHold(tx, id)),
      );
      if (!lifted) {
        throw new Refusal('No such hold stands: it was lifted before, or never placed.', [
          'see which stand: sotto retention holds',
        ]);
      }
      answer(shell, options, { lifted: id }, `${id} is lifted`);
    });
}

async function tools() {
  const [retention, handlers, { onGroundUnderPolicy }, { findWorkspaces }, { encodeId }] = await Promise.all([
    import('#privacy/retention'),
    import('../expiry-handlers.ts'),
    import('../on-ground.ts'),
    import('#accounts'),
    import('@sotto/contract'),
  ]);
  return { ...retention, ...handlers, onGroundUnderPolicy, findWorkspaces, encodeId };
}
