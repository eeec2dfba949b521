// What the operator sees of use and of faults: counts and scrubbed reports by the day, about nobody.
import * as z from 'zod';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';

export const usageKinds = ['feature', 'page', 'browser', 'system', 'device'] as const;

const day = z.iso.date().describe('The day in UTC.');

export const usageCountSchema = z
  .strictObject({
    day,
    kind: z.enum(usageKinds),
    name: z
      .string()
      .describe('An operation, the template of a path, a browser and its major version, or `other`.'),
    uses: z.int().min(1).describe('How often, once enough different subjects are in the group.'),
  })
  .meta({ id: 'UsageCount' });

export const errorReportSchema = z
  .strictObject({
    day,
    fingerprint: z.string().describe('The same for the same fault.'),
    class: z.string(),
    code: z.string().nullable(),
    frames: z
      .array(z.string())
      .describe('Places in the code of Sotto, innermost first: `file:line function`.'),
    causes: z.array(z.string()).describe('Classes and codes of what caused it.'),
    times: z.int().min(1),
  })
  .meta({ id: 'ErrorReport', description: 'A fault of a day, without its message.' });

export type UsageCount = z.output<typeof usageCountSchema>;
export type ErrorReport = z.output<typeof errorReportSchema>;

const shared = { scope: 'admin:telemetry', purpose: 'operations', idempotent: true, method: 'GET' } as const;

export const listUsage = operation({
  ...shared,
  id: 'admin.usage.list',
  feature: 'usage_analytics',
  path: '/v1/admin/usage',
  summary: 'List counts of use',
  description: 'By the day, the latest first. Groups that are too small are in no row.',
  request: {
    query: z.strictObject({
      ...pageQueryFields,
      kind: z.enum(usageKinds).optional().describe('Only counts of this kind.'),
    }),
  },
  responses: { 200: pageOf('UsageCountPage', usageCountSchema).describe('One page of counts.') },
  errors: ['invalid_cursor'],
});

export const listErrorReports = operation({
  ...shared,
  id: 'admin.errors.list',
  feature: 'error_reports',
  path: '/v1/admin/error-reports',
  summary: 'List error reports',
  description: 'By the day, the latest first, scrubbed of everything but names of our own code.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('ErrorReportPage', errorReportSchema).describe('One page of reports.') },
  errors: ['invalid_cursor'],
});
