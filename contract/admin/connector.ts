// A connector: one account at a carrier's message centre, reached over SMPP, with everything that differs between
// carriers. Bounds and names are those of the server's table, so what passes here is never refused there.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { personal } from '../personal.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

/** Text of a C-octet string: ASCII, and one octet less than its field, for the NUL (SMPP 3.4 §3.1). */
const octets = (lengthMin: number, lengthMax: number) => {
  const error = says('invalid_request', `must be ${lengthMin} to ${lengthMax} ASCII characters.`);
  return z
    .string({ error })
    .min(lengthMin, { error })
    .max(lengthMax, { error })
    .regex(/^[ -~]*$/, { error });
};

const matching = (pattern: RegExp, lengthMax: number, sentence: string) => {
  const error = says('invalid_request', sentence);
  return z.string({ error }).max(lengthMax, { error }).regex(pattern, { error });
};

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const HOST = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)$/;
const CERTIFICATES = /^\s*(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

/** Type of number and numbering plan indicator (SMPP 3.4 §5.2.5, §5.2.6). */
const ton = z.int().min(0).max(6);
const npi = z.int().min(0).max(18);
const statuses = z.array(z.int().min(1).max(0x7fff_ffff)).max(64);

/** Every setting, without defaults. The password is apart: it is never shown. */
const settings = {
  name: matching(
    NAME,
    40,
    'must be 1 to 40 lower-case letters, digits and hyphens, beginning with a letter.',
  ).describe('Used in routes, logs and metrics. Unique.'),
  enabled: z.boolean(),
  host: matching(HOST, 253, 'must be a host name or an address, without scheme, brackets or port.'),
  port: z.int().min(1).max(65_535),
  tls: z
    .enum(['off', 'verify', 'pinned'])
    .describe('verify: against tls_ca, or the public authorities; pinned: to the certificates of tls_ca.'),
  tls_ca: matching(CERTIFICATES, 65_536, 'must be certificates in PEM.').nullable(),
  tls_server_name: z
    .string()
    .min(1)
    .max(253)
    .nullable()
    .describe('The name the certificate must carry; null for the host.'),
  system_id: octets(1, 15),
  system_type: octets(0, 12),
  bind_mode: z
    .enum(['trx', 'tx_rx'])
    .describe('Transceivers, or a transmitter and a receiver for each bind.'),
  binds: z.int().min(1).max(32).describe('Over all processes.'),
  window_size: z.int().min(1).max(5000).describe('Unanswered submissions of one bind (SMPP 3.4 §2.9).'),
  otp_window_reserve: z
    .int()
    .min(0)
    .max(4999)
    .describe('How much of each window only one-time codes may use.'),
  parts_per_second: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .describe('Parts, not messages, over all binds of one process; null for no limit but the window.'),
  interface_version: z
    .enum(['3.3', '3.4', '5.0'])
    .describe('3.3 has no optional parameters and no transceivers.'),
  source_international_ton: ton,
  source_international_npi: npi,
  source_alphanumeric_ton: ton,
  source_alphanumeric_npi: npi,
  source_short_code_ton: ton,
  source_short_code_npi: npi,
  destination_ton: ton,
  destination_npi: npi,
  default_alphabet: z
    .enum(['gsm7', 'gsm7_packed', 'latin1', 'ascii'])
    .describe('What the carrier reads under data_coding 0 (SMPP 3.4 §5.2.19).'),
  long_messages: z
    .enum(['udh8', 'udh16', 'sar', 'payload'])
    .describe('How segments of one text are tied together. Never two ways at once.'),
  registered_delivery: z
    .int()
    .min(0)
    .max(31)
    .describe('Which receipts are asked for, as the bit field of SMPP 3.4 §5.2.17.'),
  message_ids: z
    .enum(['exact', 'hex_to_dec', 'dec_to_hex', 'learned'])
    .describe('How the id in a receipt becomes the id of the submission.'),
  accepted_is_final: z.boolean().describe('Whether the receipt state ACCEPTD ends a message.'),
  validity: z
    .enum(['none', 'relative', 'absolute'])
    .describe('How validity is written (SMPP 3.4 §7.1.1); none leaves it to the carrier.'),
  enquire_link_seconds: z.int().min(1).max(3600).describe('Silence after which the link is probed.'),
  response_timeout_seconds: z
    .int()
    .min(1)
    .max(600)
    .describe('After this long without an answer the outcome of a submission is unknown.'),
  permanent_statuses: statuses.describe('command_status values that mean never, at this carrier.'),
  temporary_statuses: statuses.describe('command_status values that mean later, at this carrier.'),
  throttling_statuses: statuses.describe('command_status values that mean slower, at this carrier.'),
  upstream_retention_days: z
    .int()
    .min(0)
    .max(36_500)
    .nullable()
    .describe('How long the carrier says it keeps texts and numbers; null when it has not said. Published.'),
};

/** SMPP 3.4 §5.2.2: eight characters and the NUL. */
const password = personal('secret', octets(0, 8)).describe(
  'Stored sealed, never shown. Eight characters are all SMPP has room for.',
);

export const createConnectorSchema = z
  .strictObject({
    ...settings,
    enabled: settings.enabled.default(true),
    tls: settings.tls.default('off'),
    tls_ca: settings.tls_ca.default(null),
    tls_server_name: settings.tls_server_name.default(null),
    system_type: settings.system_type.default(''),
    bind_mode: settings.bind_mode.default('trx'),
    binds: settings.binds.default(1),
    window_size: settings.window_size.default(10),
    otp_window_reserve: settings.otp_window_reserve.default(1),
    parts_per_second: settings.parts_per_second.default(null),
    interface_version: settings.interface_version.default('3.4'),
    source_international_ton: ton.default(1),
    source_international_npi: npi.default(1),
    source_alphanumeric_ton: ton.default(5),
    source_alphanumeric_npi: npi.default(0),
    source_short_code_ton: ton.default(3),
    source_short_code_npi: npi.default(0),
    destination_ton: ton.default(1),
    destination_npi: npi.default(1),
    default_alphabet: settings.default_alphabet.default('gsm7'),
    long_messages: settings.long_messages.default('udh8'),
    registered_delivery: settings.registered_delivery.default(1),
    message_ids: settings.message_ids.default('learned'),
    accepted_is_final: settings.accepted_is_final.default(false),
    validity: settings.validity.default('relative'),
    enquire_link_seconds: settings.enquire_link_seconds.default(30),
    response_timeout_seconds: settings.response_timeout_seconds.default(30),
    permanent_statuses: settings.permanent_statuses.default([]),
    temporary_statuses: settings.temporary_statuses.default([]),
    throttling_statuses: settings.throttling_statuses.default([]),
    upstream_retention_days: settings.upstream_retention_days.default(null),
    password: password.default(''),
  })
  .meta({ id: 'CreateConnector' });

/** What is left out stays as it is. */
export const updateConnectorSchema = z
  .strictObject({ ...settings, password })
  .partial()
  .meta({ id: 'UpdateConnector' });

export const connectorSchema = z
  .strictObject({ id: idSchema('con'), ...settings, created_at: instantSchema, changed_at: instantSchema })
  .meta({ id: 'Connector', description: 'One account at a carrier. Its password is never shown.' });

export type Connector = z.output<typeof connectorSchema>;
export type CreateConnector = z.output<typeof createConnectorSchema>;
export type UpdateConnector = z.output<typeof updateConnectorSchema>;
