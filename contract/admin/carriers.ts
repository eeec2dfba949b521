// Operations on the connectors to carriers.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { connectorSchema, createConnectorSchema, updateConnectorSchema } from './connector.ts';
import { connectorHealthSchema } from './connector-health.ts';

const params = z.strictObject({ id: idSchema('con') });
const shared = { scope: 'admin:carriers', purpose: 'operations' } as const;

export const listConnectors = operation({
  ...shared,
  id: 'admin.carriers.list',
  method: 'GET',
  path: '/v1/admin/carriers',
  summary: 'List connectors',
  description: 'Newest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('ConnectorPage', connectorSchema).describe('One page of connectors.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createConnector = operation({
  ...shared,
  id: 'admin.carriers.create',
  method: 'POST',
  path: '/v1/admin/carriers',
  summary: 'Create a connector',
  description: 'Connects at once when enabled. Carries nothing until a route leads to it.',
  request: { body: createConnectorSchema },
  responses: { 201: connectorSchema.describe('The connector.') },
  errors: ['conflict', 'feature_off'],
  idempotent: false,
  examples: {
    body: {
      name: 'first-carrier',
      host: 'smpp.carrier.example.com',
      port: 2775,
      system_id: 'sotto',
      password: 'secret08',
      upstream_retention_days: 30,
    },
  },
});

export const updateConnector = operation({
  ...shared,
  id: 'admin.carriers.update',
  method: 'PATCH',
  path: '/v1/admin/carriers/{id}',
  summary: 'Change a connector',
  description:
    'What is left out stays. Processes take the change up within seconds, and bind anew where it needs that.',
  request: { params, body: updateConnectorSchema },
  responses: { 200: connectorSchema.describe('The connector.') },
  errors: ['conflict', 'feature_off'],
  idempotent: true,
  examples: { body: { parts_per_second: 100 } },
});

export const deleteConnector = operation({
  ...shared,
  id: 'admin.carriers.delete',
  method: 'DELETE',
  path: '/v1/admin/carriers/{id}',
  summary: 'Delete a connector',
  description: 'Refused while routes lead to it or messages wait for its receipts; disable it first.',
  request: { params },
  responses: { 204: noContent },
  errors: ['conflict'],
  idempotent: true,
});

export const getConnectorHealth = operation({
  ...shared,
  id: 'admin.carriers.health',
  method: 'GET',
  path: '/v1/admin/carriers/{id}/health',
  summary: 'Read the health of a connector',
  description: 'Its sessions, its rate and what waits for it.',
  request: { params },
  responses: { 200: connectorHealthSchema.describe('Its health.') },
  errors: [],
  idempotent: true,
});
