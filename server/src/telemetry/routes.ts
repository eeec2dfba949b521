// What the operator sees of use and of faults. The edge answers `feature_off` where the policy has no such feature.
import {
  type ErrorReport,
  listErrorReports,
  listUsage,
  type UsageCount,
} from '@sotto/contract/admin/telemetry';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { type Call, type Route, reads } from '#platform/route';
import { type ErrorRow, pageErrorRows } from './error-report.sql.ts';
import { pageUsageRows, type UsageRow } from './usage.sql.ts';

export const telemetryRoutes = ({ db }: { readonly db: Database }): readonly Route[] => [
  reads(listUsage, async ({ query }: Call<typeof listUsage, unknown>) => {
    const found = await db.batch((tx) =>
      pageUsageRows(tx, positionOf(query.cursor), query.kind ?? null, query.limit + 1),
    );
    return pageAnswer(found, query.limit, ({ id }) => id, presentUsage);
  }),
  reads(listErrorReports, async ({ query }: Call<typeof listErrorReports, unknown>) => {
    const found = await db.batch((tx) => pageErrorRows(tx, positionOf(query.cursor), query.limit + 1));
    return pageAnswer(found, query.limit, ({ id }) => id, presentError);
  }),
];

const presentUsage = ({ day, kind, name, uses }: UsageRow): UsageCount => ({
  day,
  kind: kind as UsageCount['kind'],
  name,
  uses: Number(uses),
});

const presentError = ({ id: _, frames, causes, times, ...rest }: ErrorRow): ErrorReport => ({
  ...rest,
  frames: [...frames],
  causes: [...causes],
  times: Number(times),
});
