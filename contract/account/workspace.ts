// The workspace a request acts in, as those see it who work in it.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { currencySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { personal } from '../personal.ts';
import { workspaceRoles } from '../roles.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

export const organisationNameLengthMax = 80;

const nameSentence = says(
  'invalid_request',
  `must be one line of 1 to ${organisationNameLengthMax} characters, not all of them spaces.`,
);

/** It stands in mails and lists of others: one line, and something to see. */
export const organisationNameSchema = personal(
  'note',
  z
    .string({ error: nameSentence })
    .max(organisationNameLengthMax, { error: nameSentence })
    .regex(/^(?=.*\S)[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,80}$/u, { error: nameSentence }),
);

export const ownWorkspaceSchema = z
  .strictObject({
    id: idSchema('wrk'),
    kind: z.enum(['personal', 'organisation']),
    name: personal('note', z.string()).nullable().describe('Null where it has none, or once erased.'),
    currency: currencySchema.describe('The one currency of its balance.'),
    role: z.enum(workspaceRoles).nullable().describe('What you are in it; null for a key.'),
    created_at: instantSchema,
  })
  .meta({ id: 'OwnWorkspace' });

export type OwnWorkspace = z.output<typeof ownWorkspaceSchema>;

export const getWorkspace = operation({
  id: 'workspace.get',
  method: 'GET',
  path: '/v1/workspace',
  scope: 'workspace:read',
  summary: 'Read the workspace',
  description: 'The one of the key, or the one that Sotto-Workspace names.',
  purpose: 'service',
  request: {},
  responses: { 200: ownWorkspaceSchema.describe('The workspace.') },
  errors: [],
  idempotent: true,
});

export const updateWorkspace = operation({
  id: 'workspace.update',
  method: 'PATCH',
  path: '/v1/workspace',
  scope: 'workspace:write',
  summary: 'Name the workspace',
  description: 'Where the policy holds names of people, and of organisations, respectively.',
  purpose: 'service',
  request: { body: z.strictObject({ name: organisationNameSchema }).meta({ id: 'UpdateWorkspace' }) },
  responses: { 200: ownWorkspaceSchema.describe('The workspace.') },
  errors: ['feature_off'],
  idempotent: true,
  examples: { body: { name: 'Example shop' } },
});

export const closeWorkspace = operation({
  id: 'workspace.close',
  method: 'POST',
  path: '/v1/workspace/close',
  scope: 'workspace:close',
  summary: 'Close the organisation',
  description:
    'Ends it for good: its keys stop working within two seconds and its members are told that it is not there; what ' +
    'it holds is erased as the policy says. Wants a sign-in of ten minutes, and its id once more, so that a header ' +
    'that was left out closes nothing. A personal workspace ends with its account.',
  purpose: 'service',
  feature: 'organisations',
  request: {
    body: z
      .strictObject({ workspace_id: idSchema('wrk').describe('The workspace that is meant.') })
      .meta({ id: 'CloseWorkspace' }),
  },
  responses: { 200: ownWorkspaceSchema.describe('The closed workspace.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { workspace_id: 'wrk_01jd3rh8e7fv2r0kqvw4m9xt5c' } },
});
