import { statement } from './db/statement.ts';

export const PROBE = statement<unknown>('platform.probe', 'operations', 'select 1');
