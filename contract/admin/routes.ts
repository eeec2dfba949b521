// Routes: which connector carries messages to numbers that begin with certain digits.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { prefixSchema, senderSchema } from '../phone-number.ts';
import { messageClassSchema } from '../send-message.ts';
import { instantSchema } from '../time.ts';

const routeSettings = {
  prefix: prefixSchema.describe(
    'Leading digits without +; the longest that fits wins. Empty fits every number.',
  ),
  class: messageClassSchema
    .nullable()
    .describe('Only for this class; null for all. A route for the class wins.'),
  connector_id: idSchema('con'),
  rank: z.int().min(0).max(100).describe('Lower is tried first; higher ones after a definite refusal.'),
  weight: z.int().min(1).max(1000).describe('Share among routes of the same prefix, class and rank.'),
  sender: senderSchema.nullable().describe('Used when the caller names none; null leaves it to the carrier.'),
};

export const createRouteSchema = z
  .strictObject({
    ...routeSettings,
    class: routeSettings.class.default(null),
    rank: routeSettings.rank.default(0),
    weight: routeSettings.weight.default(1),
    sender: routeSettings.sender.default(null),
  })
  .meta({ id: 'CreateRoute' });

export const updateRouteSchema = z
  .strictObject({ rank: routeSettings.rank, weight: routeSettings.weight, sender: routeSettings.sender })
  .partial()
  .meta({ id: 'UpdateRoute' });

export const routeSchema = z
  .strictObject({ id: idSchema('rte'), ...routeSettings, created_at: instantSchema })
  .meta({ id: 'Route', description: 'Where messages to some numbers go.' });

export type Route = z.output<typeof routeSchema>;
export type CreateRoute = z.output<typeof createRouteSchema>;
export type UpdateRoute = z.output<typeof updateRouteSchema>;

const params = z.strictObject({ id: idSchema('rte') });
const shared = { scope: 'admin:routes', purpose: 'operations' } as const;

export const listRoutes = operation({
  ...shared,
  id: 'admin.routes.list',
  feature: 'messages',
  method: 'GET',
  path: '/v1/admin/routes',
  summary: 'List routes',
  description: 'Newest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('RoutePage', routeSchema).describe('One page of routes.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createRoute = operation({
  ...shared,
  id: 'admin.routes.create',
  feature: 'messages',
  method: 'POST',
  path: '/v1/admin/routes',
  summary: 'Create a route',
  description: 'One for each prefix, class and connector. Holds for messages accepted from now on.',
  request: { body: createRouteSchema },
  responses: { 201: routeSchema.describe('The route.') },
  errors: ['conflict'],
  idempotent: false,
  examples: {
    body: {
      prefix: '49',
      connector_id: 'con_01jd3rh8e7fv2r0kqvw4m9xt5c',
      sender: 'Sotto',
    },
  },
});

export const updateRoute = operation({
  ...shared,
  id: 'admin.routes.update',
  feature: 'messages',
  method: 'PATCH',
  path: '/v1/admin/routes/{id}',
  summary: 'Change a route',
  description: 'Rank, weight or sender. For another prefix, class or connector create another route.',
  request: { params, body: updateRouteSchema },
  responses: { 200: routeSchema.describe('The route.') },
  errors: ['conflict'],
  idempotent: true,
  examples: { body: { weight: 3 } },
});

export const deleteRoute = operation({
  ...shared,
  id: 'admin.routes.delete',
  feature: 'messages',
  method: 'DELETE',
  path: '/v1/admin/routes/{id}',
  summary: 'Delete a route',
  description: 'Messages already queued on it still go out on it.',
  request: { params },
  responses: { 204: noContent },
  errors: [],
  idempotent: true,
});
