// Organisations: workspaces with members. Whoever opens one is its owner.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { idSchema } from '../ids.ts';
import { currencySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { organisationNameSchema, ownWorkspaceSchema } from './workspace.ts';

/** Open organisations that one person owns. */
export const organisationsMax = 10;

export const createOrganisation = operation({
  id: 'organisations.create',
  method: 'POST',
  path: '/v1/organisations',
  scope: 'account:write',
  summary: 'Open an organisation',
  description:
    `A workspace with an empty balance, no keys and you as its owner. Somebody owns ${organisationsMax} open ones at ` +
    'most. Name it in Sotto-Workspace to act in it.',
  purpose: 'service',
  feature: 'organisations',
  request: {
    body: z
      .strictObject({
        name: organisationNameSchema,
        currency: currencySchema
          .optional()
          .describe('Of its balance; it never changes. Left out: that of this installation.'),
      })
      .meta({ id: 'CreateOrganisation' }),
  },
  responses: { 201: ownWorkspaceSchema.describe('The organisation.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { name: 'Example shop' } },
});

export const leaveOrganisation = operation({
  id: 'organisations.leave',
  method: 'POST',
  path: '/v1/organisations/{id}/leave',
  scope: 'account:write',
  summary: 'Leave an organisation',
  description: 'Whatever your role. Its only owner hands it over or closes it first.',
  purpose: 'service',
  feature: 'organisations',
  request: { params: z.strictObject({ id: idSchema('wrk') }) },
  responses: { 204: noContent },
  errors: ['conflict'],
  idempotent: false,
});
