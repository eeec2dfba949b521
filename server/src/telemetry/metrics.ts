// What telemetry says about itself: counts of its own work.
import { counter } from '#platform/metrics';

export const forwarded = counter({
  name: 'sotto_telemetry_forwarded_total',
  help: 'Calls of collectors by recipient and outcome; `paused` were not made because the collector asked for rest',
  labels: {
    recipient: ['error_reporter', 'usage_counter'],
    outcome: ['taken', 'refused', 'failed', 'paused'],
  },
});

export const dropped = counter({
  name: 'sotto_telemetry_dropped_total',
  help: 'Uses of groups too small to be kept, and errors that found no room or could not be stored',
  labels: { what: ['small_groups', 'errors'] },
});
