// A connection past row-level security, for what is written before and read after a measure; never within one.
import pg from 'pg';

export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
