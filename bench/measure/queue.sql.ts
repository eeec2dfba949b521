// Looking at the queue from outside, between measures.
import pg from 'pg';

/** Takes everything out of the queue, as no product would: no server may run on this database. */
export async function emptyQueue(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-bench' });
  await client.connect();
  try {
    await client.query('truncate messages.queue');
  } finally {
    await client.end();
  }
}

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
