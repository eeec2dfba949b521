// How a connector does, as a person or a readiness check wants to know it. Holds no secret, number or address.
import * as z from 'zod';
import { idSchema } from '../ids.ts';

const lastError = z
  .string()
  .nullable()
  .describe('By name, such as `ESME_RINVPASWD` or `ECONNREFUSED`; null when there was none.');

export const connectorHealthSchema = z
  .strictObject({
    connector_id: idSchema('con'),
    state: z
      .enum(['connecting', 'standby', 'bound', 'partly_bound', 'throttled', 'stopped'])
      .describe(
        'standby: other processes hold every bind; throttled: bound, and slowed down by the carrier.',
      ),
    binds_bound: z.int().min(0),
    binds_configured: z.int().min(0).describe('Over all processes.'),
    window_used: z.int().min(0).describe('Submissions without an answer.'),
    window_max: z.int().min(0).describe('How many there may be over the bound binds.'),
    waiting: z.int().min(0).describe('Parts taken and not yet written.'),
    parts_per_second_limit: z
      .number()
      .min(0)
      .nullable()
      .describe('What it allows itself now; null for as many as the window lets through.'),
    parts_per_second: z.number().min(0).describe('Written, over the last five seconds.'),
    throttled_for_ms: z.int().min(0).describe('Until it writes again; 0 when it is not pausing.'),
    last_error: lastError,
    binds: z.array(
      z.strictObject({
        slot: z.int().min(0),
        state: z
          .enum(['leased_elsewhere', 'connecting', 'bound', 'waiting', 'draining', 'closed'])
          .describe('leased_elsewhere: another process holds this slot; waiting: backing off.'),
        bounds: z.int().min(0).describe('How often it was bound since the connector started.'),
        failures: z.int().min(0).describe('Failed attempts since it was last bound.'),
        last_error: lastError,
      }),
    ),
  })
  .meta({ id: 'ConnectorHealth' });

export type ConnectorHealth = z.output<typeof connectorHealthSchema>;
