// What retention did, and how far it is behind. Labels are retention keys, which are a closed set.
import { counter, gauge, histogram } from '#platform/metrics';
import { RETENTION_KEYS, type RetentionKey } from './rule.ts';

const keys = Object.keys(RETENTION_KEYS) as readonly RetentionKey[];

export const rowsEnded = counter({
  name: 'sotto_privacy_expired_rows_total',
  help: 'Rows whose retention ended, by retention key; rows of dropped partitions are not counted',
  labels: { key: keys },
});

export const partitionsDropped = counter({
  name: 'sotto_privacy_dropped_partitions_total',
  help: 'Partitions dropped because all of their rows were past, by retention key',
  labels: { key: keys },
});

export const keysDestroyed = counter({
  name: 'sotto_privacy_destroyed_content_keys_total',
  help: 'Content keys of a workspace and day destroyed because nothing sealed under them is left',
});

export const oldestOverdue = gauge({
  name: 'sotto_privacy_oldest_overdue_seconds',
  help: 'How long the oldest row past its retention has been overdue, by retention key; 0 when none is',
  labels: { key: keys },
});

export const heldRows = gauge({
  name: 'sotto_privacy_held_rows_count',
  help: 'Rows past their retention that a legal hold keeps, by retention key',
  labels: { key: keys },
});

export const batchDurations = histogram({
  name: 'sotto_privacy_expiry_batch_seconds',
  help: 'How long one batch of expiry took, by retention key',
  labels: { key: keys },
});
