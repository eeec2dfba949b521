// `sotto workspaces`: who has a balance, keys, numbers and messages, for an operator on the machine.
import type { Command } from 'commander';
import { AppError, Refusal } from '#platform/errors';
import { answer, columns, type OutputOptions, type Shell, UsageFault } from '../shell.ts';
import { uuidOf } from './ids.ts';

/** What a page holds at most; a list of more says so. */
const PAGE = 200;

export function addWorkspaces(program: Command, shell: Shell): void {
  const workspaces = program
    .command('workspaces')
    .description('who has a balance, keys, numbers and messages');
  workspaces
    .command('list')
    .description(`the ${PAGE} newest, with their balances`)
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions) => {
      const { balance, encodeId, formatMicros, listWorkspaces, onGroundUnderPolicy } = await tools();
      const found = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
        db.batch(async (tx) => {
          const list = await listWorkspaces(tx, keyring, { before: null, limit: PAGE });
          return Promise.all(
            list.map(async (workspace) => ({ workspace, wallet: await balance(tx, workspace.id) })),
          );
        }),
      );
      const shown = found.map(({ workspace, wallet }) => ({
        id: encodeId('wrk', workspace.id),
        kind: workspace.kind,
        name: workspace.name,
        currency: workspace.currency,
        available: formatMicros(wallet?.availableMicros ?? 0n),
        created_at: workspace.createdAt.toISOString(),
        closed_at: workspace.closedAt?.toISOString() ?? null,
      }));
      answer(
        shell,
        options,
        { data: shown },
        columns(
          ['id', 'kind', 'available', 'created', 'name'],
          shown.map((one) => [
            one.id,
            one.kind,
            `${one.available} ${one.currency}`,
            one.created_at.slice(0, 10),
            `${one.name ?? '(erased)'}${one.closed_at === null ? '' : ' (closed)'}`,
          ]),
          'There is no workspace. Make one: sotto workspaces create --name <name> --currency EUR',
        ),
      );
    });
  workspaces
    .command('create')
    .description('make one, with an empty balance and no keys')
    .option('--name <name>', 'what it is called; refused where the policy holds no names')
    .requiredOption('--currency <code>', 'the currency of its balance, such as EUR; it never changes')
    .option('--kind <kind>', 'organisation or personal', 'organisation')
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions & { name?: string; currency: string; kind: string }) => {
      const {
        check,
        createWorkspace,
        createWorkspaceSchema,
        encodeId,
        holdsOf,
        onGroundUnderPolicy,
        OPERATOR,
        refuseUnlessHeld,
      } = await tools();
      const { name, currency, kind } = options;
      const wanted = check(createWorkspaceSchema, {
        ...(name === undefined ? {} : { name }),
        currency,
        kind,
      });
      if (!wanted.ok) throw new UsageFault(wanted.faults[0].message.replace(/^`(\w+)`/, '--$1'));
      const { name: called = null, ...rest } = wanted.value;
      const made = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }, { policy }) => {
        if (called !== null) refuseUnlessHeld(holdsOf(policy), 'user.name', 'name');
        return db.batch((tx) => createWorkspace(tx, keyring, { ...rest, name: called }, OPERATOR));
      });
      const id = encodeId('wrk', made.id);
      answer(shell, options, { id, kind: made.kind, name: made.name, currency: made.currency }, id);
      if (!options.json)
        shell.note(`Next: sotto workspaces credit ${id} 25.00, sotto keys create --workspace ${id}`);
    });
  workspaces
    .command('credit')
    .argument('<workspace>', 'its id, wrk_...')
    .argument('<amount>', 'how much, in its currency, such as 25.00')
    .description('book a top-up by hand')
    .option('--reason <code>', 'why, as a code: the books hold no free text', 'bank_transfer')
    .option('--once <key>', 'book it once, however often this command is repeated with the same key')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Example:
  sotto workspaces credit wrk_01jd3rh8e7fv2r0kqvw4m9xt5c 25.00 --once invoice-17`,
    )
    .action(
      async (given: string, amount: string, options: OutputOptions & { reason: string; once?: string }) => {
        const workspaceId = uuidOf('wrk', given);
        const {
          balance,
          encodeId,
          formatMicros,
          isAmount,
          newId,
          onGroundUnderPolicy,
          OPERATOR,
          parseMicros,
          topUpByHand,
        } = await tools();
        const amountMicros = parseMicros(amount);
        if (amountMicros === null || amountMicros <= 0n || !isAmount(amountMicros))
          throw new UsageFault('the amount must be decimal text above zero, such as 25.00');
        if (!/^[a-z][a-z0-9_.]{0,63}$/.test(options.reason))
          throw new UsageFault('--reason must be a code such as bank_transfer');
        if (options.once !== undefined && !/^[A-Za-z0-9._:-]{1,64}$/.test(options.once))
          throw new UsageFault('--once must be 1 to 64 letters, digits and . _ : -');
        const { posted, wallet } = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
          db.batch(async (tx) => {
            const before = await balance(tx, workspaceId);
            if (before === undefined)
              throw new AppError('not_found', { detail: 'There is no such workspace.' });
            const topUp = {
              workspaceId,
              amountMicros,
              currency: before.currency,
              key: options.once === undefined ? `credit.cli:${newId()}` : `credit.once:${options.once}`,
              reason: options.reason,
            };
            const posting = await topUpByHand(tx, keyring, topUp, OPERATOR);
            return { posted: posting, wallet: (await balance(tx, workspaceId))! };
          }),
        );
        if (posted.outcome === 'conflict' || posted.outcome === 'insufficient_funds') {
          throw new Refusal('This --once key stands for another top-up already; nothing was booked.', [
            'use the amount and reason it was used with, or another key',
          ]);
        }
        const available = `${formatMicros(wallet.availableMicros)} ${wallet.currency}`;
        answer(
          shell,
          options,
          {
            id: encodeId('ent', posted.transactionId),
            booked: posted.outcome === 'posted',
            available: { amount: formatMicros(wallet.availableMicros), currency: wallet.currency },
          },
          posted.outcome === 'posted'
            ? `Booked. Available now: ${available}`
            : `It was booked before, and not again. Available now: ${available}`,
        );
      },
    );
}

async function tools() {
  const [accounts, ledger, contract, schemas, ids, ground, collection, held, { OPERATOR }] =
    await Promise.all([
      import('#accounts'),
      import('#ledger'),
      import('@sotto/contract'),
      import('@sotto/contract/admin/workspaces'),
      import('#platform/ids'),
      import('../on-ground.ts'),
      import('#privacy/collection'),
      import('../policy/holds.ts'),
      import('#privacy/audit'),
    ]);
  const { createWorkspaceSchema } = schemas;
  const { newId } = ids;
  const { onGroundUnderPolicy } = ground;
  return {
    ...accounts,
    ...ledger,
    ...contract,
    ...collection,
    ...held,
    createWorkspaceSchema,
    newId,
    onGroundUnderPolicy,
    OPERATOR,
  };
}
