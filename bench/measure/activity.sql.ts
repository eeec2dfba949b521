// What the database is busy with while something else is measured: samples of its active sessions. Costs a query every
// 20 ms, so it belongs to profiles, not to figures.
import pg from 'pg';
import type { ProfileLine } from '../report/cpu-profile.ts';

const EVERY_MS = 20;
/** Enough of a statement to know it by. */
const STATEMENT_CHARACTERS = 60;

const ACTIVE = `
  select coalesce(wait_event_type || ' ' || wait_event, 'running') as waits_for,
         left(regexp_replace(query, '\\s+', ' ', 'g'), ${STATEMENT_CHARACTERS}) as statement
    from pg_stat_activity
   where state = 'active'
     and backend_type = 'client backend'
     and pid <> pg_backend_pid()`;

/** Samples until stopped; then what was found, each as a share of all samples: the sum may be above or below one. */
export async function watchActivity(url: string): Promise<{ stop(lines: number): Promise<ProfileLine[]> }> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-bench' });
  await client.connect();
  const found = new Map<string, number>();
  let samples = 0;
  let asking: Promise<void> = Promise.resolve();
  const ask = async (): Promise<void> => {
    const { rows } = await client.query<{ waits_for: string; statement: string }>(ACTIVE);
    samples++;
    for (const row of rows) {
      const name = `${row.waits_for}: ${row.statement}`;
      found.set(name, (found.get(name) ?? 0) + 1);
    }
  };
  const timer = setInterval(() => {
    // One question at a time; a failure is met again at the end.
    asking = asking.then(ask);
    asking.catch(() => clearInterval(timer));
  }, EVERY_MS);
  return {
    async stop(lines) {
      clearInterval(timer);
      await asking;
      await client.end();
      return [...found]
        .sort(([, a], [, b]) => b - a)
        .slice(0, lines)
        .map(([name, count]) => ({ name, share: count / Math.max(1, samples) }));
    },
  };
}
