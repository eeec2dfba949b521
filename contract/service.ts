// What stands outside /v1: is it alive, is it making progress, and how it is described.
import * as z from 'zod';
import { textBody } from './bodies.ts';
import { operation } from './operation.ts';

export const livenessSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Liveness' });

export const readinessSchema = z
  .strictObject({
    status: z.enum(['ready', 'not_ready']),
    checks: z.array(
      z.strictObject({
        name: z.string().describe('What was looked at, such as `oldest_job`.'),
        ok: z.boolean(),
        detail: z.string().describe('A figure or a reason, without personal data or addresses.'),
      }),
    ),
  })
  .meta({ id: 'Readiness', description: 'Whether work moves on, not only whether the process lives.' });

export type Readiness = z.output<typeof readinessSchema>;

export const getLiveness = operation({
  id: 'service.liveness',
  method: 'GET',
  path: '/healthz',
  scope: null,
  summary: 'Is the process alive',
  description: 'Touches nothing else; restart the process when this fails.',
  purpose: 'operations',
  request: {},
  responses: { 200: livenessSchema.describe('Alive.') },
  errors: [],
  idempotent: true,
});

export const getReadiness = operation({
  id: 'service.readiness',
  method: 'GET',
  path: '/readyz',
  scope: null,
  summary: 'Is work moving',
  description:
    'Database, migrations, the oldest waiting job, connectors. 503 means: send no traffic here now.',
  purpose: 'operations',
  request: {},
  responses: {
    200: readinessSchema.describe('Ready.'),
    503: readinessSchema.describe('Not ready, and why.'),
  },
  errors: [],
  idempotent: true,
});

export const getOpenApi = operation({
  id: 'service.openapi',
  method: 'GET',
  path: '/openapi.json',
  scope: null,
  summary: 'This description',
  description: 'OpenAPI 3.1.',
  purpose: 'service',
  request: {},
  responses: { 200: z.record(z.string(), z.unknown()).describe('An OpenAPI 3.1 document.') },
  errors: [],
  idempotent: true,
});

export const getDocs = operation({
  id: 'service.docs',
  method: 'GET',
  path: '/docs',
  scope: null,
  summary: 'The description, for people',
  description: 'A page that shows every operation.',
  purpose: 'service',
  request: {},
  responses: { 200: textBody('text/html', 'The page.') },
  errors: [],
  idempotent: true,
});

export const getErrorDocs = operation({
  id: 'service.errors',
  method: 'GET',
  path: '/docs/errors',
  scope: null,
  summary: 'The errors, for people',
  description: 'One section a code; the `type` of every problem points into it.',
  purpose: 'service',
  request: {},
  responses: { 200: textBody('text/html', 'The page.') },
  errors: [],
  idempotent: true,
});

export const getMetrics = operation({
  id: 'service.metrics',
  method: 'GET',
  path: '/metrics',
  scope: 'metrics:read',
  summary: 'Measurements',
  description:
    'Prometheus text format. Always needs a key; labels never hold numbers, texts or ids of persons.',
  purpose: 'operations',
  request: {},
  responses: { 200: textBody('text/plain', 'Prometheus exposition format 0.0.4.') },
  errors: [],
  idempotent: true,
});
