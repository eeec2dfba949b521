// What each column of telemetry holds, and what becomes of it. Rows are about nobody: a count is stored once enough
// people are in it, a report names our own code only. They keep category, purpose and retention all the same, because
// a policy that lacks them may not have the tables filled.
import type { DB } from '#platform/tables';
import { clear, type DataMap, operations, steward } from '#privacy/data-map';

const count = clear({
  category: 'user.telemetry',
  purposes: ['improve'],
  basis: 'legitimate_interest',
  interest: 'knowing which features are used',
  retention: 'usage',
  dispose: 'erase',
});

const report = clear({
  category: 'user.telemetry.error_report',
  purposes: ['support'],
  basis: 'legitimate_interest',
  interest: 'mending faults',
  retention: 'error',
  dispose: 'erase',
});

export const telemetry = steward('telemetry', {
  usage_count: {
    about: 'nobody',
    feature: 'usage_analytics',
    asksLeave: true,
    columns: { id: operations, day: count, kind: count, name: count, uses: count },
  },
  error_report: {
    about: 'nobody',
    feature: 'error_reports',
    columns: {
      id: operations,
      day: report,
      fingerprint: report,
      class: report,
      code: report,
      frames: report,
      causes: report,
      times: report,
    },
  },
} as const satisfies DataMap<DB, 'telemetry'>);
