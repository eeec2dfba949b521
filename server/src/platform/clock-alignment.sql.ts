import { statement } from './db/statement.ts';

export const READ_CLOCK = statement<{ now: Date }>(
  'platform.read_clock',
  'operations',
  'select (select platform.clock()) as now',
);
