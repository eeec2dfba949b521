import { statement } from './db/statement.ts';

export const NOTIFY = statement<unknown>(
  'platform.ring_doorbell',
  'operations',
  `select pg_notify($1::text, '')`,
);

/** LISTEN takes no parameter; the channel is checked by the caller against /^[a-z_]+$/. */
export const listenTo = (channel: string): string => `listen ${channel}`;
