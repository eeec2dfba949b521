// What an operator watches of texts in memory: how much there is, and how many were lost with a process.
import type { Database } from '#platform/database';
import { watched } from '#platform/metrics';
import { readLoss } from './home.sql.ts';
import type { Home } from './home.ts';

/** Registers the metrics of this process's home. Once a process. */
export function watchHome(db: Database, home: Home): void {
  watched({ name: 'sotto_numbers_memory_bytes', help: 'Bytes of texts in memory' }, () => home.bytes);
  watched(
    { name: 'sotto_numbers_memory_lost_messages', help: 'Texts that ended unread with a memory, ever' },
    () => db.batch(readLoss),
  );
}
