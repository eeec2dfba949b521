// A connector: one configured SMPP account at a carrier, with everything that differs between carriers.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { lineSchema } from '../line.ts';
import { personal } from '../personal.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

const octets = (lengthMax: number, name: string) => {
  const error = says(
    'invalid_request',
    `must be at most ${lengthMax} ASCII characters (SMPP 3.4 §4.1, ${name}).`,
  );
  return z
    .string({ error })
    .max(lengthMax, { error })
    .regex(/^[ -~]*$/, { error });
};

const hostSentence = says('invalid_request', 'must be a host name or an address, without scheme or port.');

/** Type of number and numbering plan indicator (SMPP 3.4 §5.2.5, §5.2.6). */
const addressing = (ton: number, npi: number) =>
  z.strictObject({ ton: z.int().min(0).max(6), npi: z.int().min(0).max(18) }).default({ ton, npi });

const tlsSchema = z
  .strictObject({
    enabled: z.boolean().default(false),
    server_name: z.string().max(253).nullable().default(null).describe('Name to verify; null for the host.'),
    ca_pem: z
      .string()
      .max(65_536)
      .nullable()
      .default(null)
      .describe('Authority to trust; null for the public ones.'),
  })
  .describe('TLS 1.2 or later; the certificate is always verified.');

const bindsSchema = z
  .strictObject({
    mode: z
      .enum(['transceiver', 'transmitter_receiver'])
      .default('transceiver')
      .describe(
        'One session both ways, or pairs of one-way sessions for an SMSC that offers no transceiver.',
      ),
    count: z.int().min(1).max(16).default(1).describe('Sessions, or pairs of sessions.'),
  })
  .describe('How the connector binds.');

const addressingSchema = z
  .strictObject({
    international: addressing(1, 1),
    alphanumeric: addressing(5, 0),
    short_code: addressing(3, 0),
    plus: z
      .boolean()
      .default(false)
      .describe('Keep the + of international numbers; most carriers refuse it.'),
  })
  .describe('Type of number and plan, by kind of address.');

const alphabetSchema = z
  .strictObject({
    default: z
      .enum(['gsm7', 'latin1', 'ascii'])
      .default('gsm7')
      .describe('What data_coding 0 means to this carrier (SMPP 3.4 §5.2.19).'),
    packed: z.boolean().default(false).describe('Septets packed into octets; rare over SMPP.'),
    national_tables: z
      .array(z.enum(['turkish', 'spanish', 'portuguese']))
      .max(3)
      .default([])
      .describe('National shift tables the carrier supports (3GPP TS 23.038 §6.2.1.2).'),
    long_messages: z
      .enum(['udh8', 'udh16', 'sar', 'payload'])
      .default('udh8')
      .describe('How segments of one text are tied together. Never two ways at once.'),
  })
  .describe('Alphabet and long messages.');

const receiptsSchema = z
  .strictObject({
    id_form: z
      .enum(['auto', 'exact', 'hex_to_decimal', 'decimal_to_hex'])
      .default('auto')
      .describe("How a receipt's message id relates to the one of the response."),
    accepted_is_final: z.boolean().default(false).describe('Whether ACCEPTD ends a message.'),
  })
  .describe('How receipts are read.');

const timersSchema = z
  .strictObject({
    response_seconds: z.int().min(1).max(120).default(10).describe('How long a response may take.'),
    enquire_link_seconds: z
      .int()
      .min(5)
      .max(600)
      .default(30)
      .describe('Silence after which the link is probed.'),
  })
  .describe('Timers of a session.');

/** What its operator must state before a connector carries messages: the policy page names it. */
const upstreamSchema = z
  .strictObject({
    recipient: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/)
      .describe('The recipient of the privacy policy this carrier is declared as.'),
    retention_days: z
      .int()
      .min(0)
      .max(3650)
      .nullable()
      .describe('How long the carrier keeps content, by its contract; null when it does not say.'),
  })
  .describe('What the carrier does with data, as declared.');

const host = z
  .string({ error: hostSentence })
  .max(253, { error: hostSentence })
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?$/, { error: hostSentence });

/** What can be read back and changed, with the defaults of a new connector. The password is apart. */
export const connectorSettings = {
  name: lineSchema(60),
  enabled: z.boolean().default(true),
  host,
  port: z.int().min(1).max(65_535),
  system_id: octets(15, 'system_id'),
  system_type: octets(12, 'system_type').default(''),
  tls: tlsSchema.prefault({}),
  binds: bindsSchema.prefault({}),
  window: z.int().min(1).max(1000).default(10).describe('Unanswered submits per session.'),
  parts_per_second: z
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe('Parts, not messages, over all sessions together.'),
  addressing: addressingSchema.prefault({}),
  alphabet: alphabetSchema.prefault({}),
  receipts: receiptsSchema.prefault({}),
  timers: timersSchema.prefault({}),
  upstream: upstreamSchema,
};

const passwordSchema = personal('secret', octets(8, 'password')).describe(
  'Stored sealed, never shown. Eight characters are all SMPP has room for.',
);

export const createConnectorSchema = z
  .strictObject({ ...connectorSettings, password: passwordSchema })
  .meta({ id: 'CreateConnector' });

/** Every field may be left out; a group given replaces the whole group. Without the defaults of a new connector. */
export const updateConnectorSchema = z
  .strictObject({
    name: connectorSettings.name,
    enabled: z.boolean(),
    host,
    port: connectorSettings.port,
    system_id: connectorSettings.system_id,
    system_type: connectorSettings.system_type.unwrap(),
    tls: tlsSchema,
    binds: bindsSchema,
    window: connectorSettings.window.unwrap(),
    parts_per_second: connectorSettings.parts_per_second.unwrap(),
    addressing: addressingSchema,
    alphabet: alphabetSchema,
    receipts: receiptsSchema,
    timers: timersSchema,
    upstream: upstreamSchema,
    password: passwordSchema,
  })
  .partial()
  .meta({ id: 'UpdateConnector' });

export const connectorSchema = z
  .strictObject({
    id: idSchema('con'),
    ...connectorSettings,
    created_at: instantSchema,
    updated_at: instantSchema,
  })
  .meta({ id: 'Connector', description: 'One account at a carrier. Its password is never shown.' });

export const connectorHealthSchema = z
  .strictObject({
    connector_id: idSchema('con'),
    status: z
      .enum(['up', 'degraded', 'down', 'disabled'])
      .describe('degraded: some sessions bound, or throttled.'),
    sessions: z.array(
      z.strictObject({
        slot: z.int().min(1),
        mode: z.enum(['transceiver', 'transmitter', 'receiver']),
        state: z.enum(['connecting', 'bound', 'unbinding', 'waiting']),
        since: instantSchema,
        outstanding: z.int().min(0).describe('Submits without an answer yet.'),
        last_error: z
          .string()
          .nullable()
          .describe('Of the last connection, without addresses or credentials.'),
      }),
    ),
    parts_per_second_now: z
      .number()
      .min(0)
      .describe('What throttling by the carrier leaves of the configured rate.'),
    throttled: z.boolean(),
    queued_parts: z.int().min(0),
    oldest_queued_seconds: z.number().min(0).nullable(),
  })
  .meta({ id: 'ConnectorHealth' });

export type Connector = z.output<typeof connectorSchema>;
export type CreateConnector = z.output<typeof createConnectorSchema>;
export type UpdateConnector = z.output<typeof updateConnectorSchema>;
export type ConnectorHealth = z.output<typeof connectorHealthSchema>;
