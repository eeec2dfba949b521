// `sotto jobs`: work that used up its tries.
import type { Command } from 'commander';
import { Refusal } from '#platform/errors';
import { answer, columns, type OutputOptions, type Shell, UsageFault } from '../shell.ts';
import { uuidOf } from './ids.ts';

const LIMIT_MAX = 200;

export function addJobs(program: Command, shell: Shell): void {
  const jobs = program.command('jobs').description('background work that used up its tries');
  jobs
    .command('dead')
    .description('list it, the latest first')
    .option('--limit <count>', `how many, at most ${LIMIT_MAX}`, '50')
    .option('--json', 'answer in JSON')
    .action(async (options: OutputOptions & { limit: string }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
        throw new UsageFault(`--limit must be a whole number from 1 to ${LIMIT_MAX}`);
      const { listDead, onGround, encodeId } = await tools();
      const dead = await onGround(shell.readConfig(), ({ db }) => db.batch((tx) => listDead(tx, limit)));
      const shown = dead.map((letter) => ({
        id: encodeId('job', letter.id),
        name: letter.name,
        attempts: letter.attempts,
        last_error: letter.lastError,
        created_at: letter.createdAt.toISOString(),
        died_at: letter.deadAt.toISOString(),
      }));
      answer(
        shell,
        options,
        { data: shown },
        columns(
          ['id', 'name', 'tries', 'died', 'last error'],
          shown.map((job) => [job.id, job.name, `${job.attempts}`, job.died_at, job.last_error ?? '']),
          'No job has used up its tries.',
        ),
      );
    });
  for (const verb of ['replay', 'discard'] as const) {
    jobs
      .command(verb)
      .argument('<ids...>', 'ids as `sotto jobs dead` shows them')
      .description(
        verb === 'replay' ? 'try it again, from its first try' : 'delete it; what it was to do is not done',
      )
      .option('--json', 'answer in JSON')
      .action(async (given: string[], options: OutputOptions) => {
        const ids = given.map((id) => uuidOf('job', id));
        const { discardDead, encodeId, onGround, OPERATOR, record, replayDead } = await tools();
        const act = verb === 'replay' ? replayDead : discardDead;
        const action = verb === 'replay' ? 'job.replayed' : 'job.discarded';
        const done = await onGround(shell.readConfig(), ({ db, keyring }) =>
          db.batch(async (tx) => {
            const jobsDone = await act(tx, ids);
            for (const { id } of jobsDone) {
              await record(tx, keyring, { action, actor: OPERATOR, object: { kind: 'job', id } });
            }
            return jobsDone;
          }),
        );
        const acted = done.map(({ id }) => encodeId('job', id));
        const left = given.filter((id) => !acted.includes(id as (typeof acted)[number]));
        if (acted.length === 0) {
          throw new Refusal(
            'None of these is a job that used up its tries, or work of the same kind waits already.',
            ['see which there are: sotto jobs dead'],
          );
        }
        answer(shell, options, { [verb === 'replay' ? 'replayed' : 'discarded']: acted, left }, [
          ...acted.map((id) => `${id} ${verb === 'replay' ? 'waits again' : 'is gone'}`),
          ...left.map((id) => `${id} was left as it is`),
        ]);
      });
  }
}

async function tools() {
  const [jobs, { OPERATOR, record }, { onGround }, { encodeId }] = await Promise.all([
    import('#platform/jobs'),
    import('#privacy/audit'),
    import('../on-ground.ts'),
    import('@sotto/contract'),
  ]);
  return { ...jobs, onGround, encodeId, OPERATOR, record };
}
