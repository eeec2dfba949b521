// Asks the server what a statement would return without running it: Parse, Describe, Sync (PostgreSQL protocol,
// "Extended Query"). node-postgres has no call for it, so this is a query object of its own.
import type pg from 'pg';
import type { ResultField } from './statement-check.ts';

/** The part of node-postgres's connection that describing needs. */
interface ProtocolConnection {
  parse(message: { name: string; text: string; types: number[] }, more?: boolean): void;
  describe(message: { type: 'S'; name: string }, more?: boolean): void;
  sync(): void;
}

/** The result columns of a statement; none for one that returns no rows. Rejects when it does not parse. */
export function describeStatement(client: pg.Client, text: string): Promise<ResultField[]> {
  return new Promise((resolve, reject) => {
    let fields: ResultField[] = [];
    let failure: Error | undefined;
    const description = {
      text,
      submit(connection: ProtocolConnection) {
        connection.parse({ name: '', text, types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
        return null;
      },
      handleRowDescription(message: { fields: ResultField[] }) {
        fields = message.fields.map(({ name, tableID, columnID }) => ({ name, tableID, columnID }));
      },
      handleError(error: Error) {
        failure = error;
        reject(error);
      },
      handleReadyForQuery() {
        if (!failure) resolve(fields);
      },
    };
    client.query(description as unknown as pg.Submittable);
  });
}
