// Background jobs that gave up: to be seen, understood and run again.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { instantSchema } from '../time.ts';

export const deadJobSchema = z
  .strictObject({
    id: idSchema('job'),
    name: z.string().describe('What it does, as `context.verb`.'),
    attempts: z.int().min(1),
    last_error: z
      .string()
      .nullable()
      .describe('Code or class of the last failure; never a text that could quote data.'),
    created_at: instantSchema,
    died_at: instantSchema,
  })
  .meta({
    id: 'DeadJob',
    description: 'A job that used up its attempts. Its payload is ids and is not shown.',
  });

export const replayedJobSchema = z
  .strictObject({ id: idSchema('job'), name: z.string(), replayed_at: instantSchema })
  .meta({ id: 'ReplayedJob' });

export type DeadJob = z.output<typeof deadJobSchema>;

const shared = { scope: 'admin:jobs', purpose: 'operations' } as const;

export const listDeadJobs = operation({
  ...shared,
  id: 'admin.jobs.dead',
  method: 'GET',
  path: '/v1/admin/jobs/dead',
  summary: 'List dead letters',
  description: 'Jobs that gave up, the latest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('DeadJobPage', deadJobSchema).describe('One page of jobs.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const replayJob = operation({
  ...shared,
  id: 'admin.jobs.replay',
  method: 'POST',
  path: '/v1/admin/jobs/{id}/replay',
  summary: 'Run a dead job again',
  description:
    'Queues it with fresh attempts. Handlers are idempotent, so a job that half succeeded does no harm.',
  request: { params: z.strictObject({ id: idSchema('job') }) },
  responses: { 202: replayedJobSchema.describe('Queued again.') },
  errors: ['conflict'],
  idempotent: false,
});
