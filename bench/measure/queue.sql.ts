// Looking at the queue from outside, between measures.
import pg from 'pg';

/** Parts that wait or are claimed. */
export async function queuedParts(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-bench' });
  await client.connect();
  try {
    const { rows } = await client.query<{ parts: string }>('select count(*) as parts from messages.queue');
    return Number(rows[0]!.parts);
  } finally {
    await client.end();
  }
}
