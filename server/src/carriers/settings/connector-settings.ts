// What an operator may say about a connector, and what follows from saying nothing. Bounds equal those of the table's
// constraints, so a value that passes here is never refused there.
import { z } from 'zod';

const ton = z.int().min(0).max(6);
const npi = z.int().min(0).max(18);
const statuses = z.array(z.int().min(1).max(0x7fffffff)).max(64);
/** Characters of a C-octet string that every message centre reads the same way (SMPP 3.4 §3.1). */
const ascii = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax)
    .regex(/^[\x20-\x7e]*$/, 'ASCII characters only');
/** A DNS name, an IPv4 or an IPv6 address; brackets, ports and user names belong elsewhere. */
const host = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)$/,
    'a host name or an address',
  );
const pem = z
  .string()
  .max(65_536)
  .regex(
    /^\s*(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/,
    'certificates in PEM',
  );

const shape = {
  /** The operator's name, used in routes, logs and metrics. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a slug of at most 40 characters'),
  enabled: z.boolean(),
  host,
  port: z.int().min(1).max(65_535),
  /** `verify` against the public authorities, or `tlsCa` where it is given; `pinned` to the certificates of `tlsCa`. */
  tls: z.enum(['off', 'verify', 'pinned']),
  tlsCa: pem.nullable(),
  /** The name the certificate must carry; the host when null. */
  tlsServerName: z.string().min(1).max(253).nullable(),
  systemId: ascii(15).min(1),
  systemType: ascii(12),
  /** Transceivers, or a transmitter and a receiver for each bind. */
  bindMode: z.enum(['trx', 'tx_rx']),
  /** Binds over all processes. */
  binds: z.int().min(1).max(32),
  /** Unanswered submissions of one bind, as agreed with the carrier (SMPP 3.4 §2.9). */
  windowSize: z.int().min(1).max(5_000),
  /** How much of each window only one-time codes may use. */
  otpWindowReserve: z.int().min(0).max(4_999),
  /** Parts a second over all binds of one process; null: no limit but the window. */
  partsPerSecond: z.int().min(1).max(100_000).nullable(),
  /** 0x33, 0x34 or 0x50 (SMPP 3.4 §5.2.4). */
  interfaceVersion: z.union([z.literal(0x33), z.literal(0x34), z.literal(0x50)]),
  /** Type of number and numbering plan (SMPP 3.4 §5.2.5, §5.2.6) by the form of the sender. */
  sourceInternationalTon: ton,
  sourceInternationalNpi: npi,
  sourceAlphanumericTon: ton,
  sourceAlphanumericNpi: npi,
  sourceShortCodeTon: ton,
  sourceShortCodeNpi: npi,
  destinationTon: ton,
  destinationNpi: npi,
  /** What the carrier reads under data_coding 0; septets travel one an octet unless packed. */
  defaultAlphabet: z.enum(['gsm7', 'gsm7_packed', 'latin1', 'ascii']),
  /** How parts are tied together: user data header, SAR parameters, or a header inside message_payload. */
  longMessages: z.enum(['udh8', 'udh16', 'sar', 'payload']),
  /** The bit field of SMPP 3.4 §5.2.17: 1 success and failure, 2 failure only, + 16 intermediate notifications. */
  registeredDelivery: z.int().min(0).max(31),
  /** How the id in a receipt becomes the id of the submission. */
  messageIds: z.enum(['exact', 'hex_to_dec', 'dec_to_hex', 'learned']),
  /** Whether the receipt state ACCEPTD ends the message. */
  acceptedIsFinal: z.boolean(),
  /** How the validity of a message is written (SMPP 3.4 §7.1.1); `none` leaves it to the carrier. */
  validity: z.enum(['none', 'relative', 'absolute']),
  /** Silence after which the link is asked whether it lives. */
  enquireLinkSeconds: z.int().min(1).max(3_600),
  /** After this long without an answer the outcome of a submission is unknown. */
  responseTimeoutSeconds: z.int().min(1).max(600),
  /** command_status values with another meaning at this carrier, or outside the standard. */
  permanentStatuses: statuses,
  temporaryStatuses: statuses,
  throttlingStatuses: statuses,
  /** How long the carrier says it keeps texts and numbers; null: it has not said. */
  upstreamRetentionDays: z.int().min(0).max(36_500).nullable(),
};

/** A connector as it is configured, without its password. */
export type ConnectorSettings = z.infer<typeof wholeConnector>;

const wholeConnector = z.strictObject(shape);

/** What is assumed where the operator says nothing. */
export const DEFAULT_SETTINGS = {
  enabled: true,
  tls: 'off',
  tlsCa: null,
  tlsServerName: null,
  systemType: '',
  bindMode: 'trx',
  binds: 1,
  windowSize: 10,
  otpWindowReserve: 1,
  partsPerSecond: null,
  interfaceVersion: 0x34,
  sourceInternationalTon: 1,
  sourceInternationalNpi: 1,
  sourceAlphanumericTon: 5,
  sourceAlphanumericNpi: 0,
  sourceShortCodeTon: 3,
  sourceShortCodeNpi: 0,
  destinationTon: 1,
  destinationNpi: 1,
  defaultAlphabet: 'gsm7',
  longMessages: 'udh8',
  registeredDelivery: 1,
  messageIds: 'learned',
  acceptedIsFinal: false,
  validity: 'relative',
  enquireLinkSeconds: 30,
  responseTimeoutSeconds: 30,
  permanentStatuses: [],
  temporaryStatuses: [],
  throttlingStatuses: [],
  upstreamRetentionDays: null,
} as const satisfies Partial<ConnectorSettings>;

/** SMPP 3.4 §5.2.2: eight characters and the NUL. Longer ones fail with strict peers. */
const password = ascii(8);

const optional = Object.fromEntries(Object.entries(shape).map(([key, rule]) => [key, rule.optional()])) as {
  [K in keyof typeof shape]: z.ZodOptional<(typeof shape)[K]>;
};

/** What creating a connector takes; everything with a default may be left out. */
export const newConnector = z.strictObject({
  ...optional,
  name: shape.name,
  host: shape.host,
  port: shape.port,
  systemId: shape.systemId,
  password: password.default(''),
});
export type NewConnector = z.input<typeof newConnector>;

/** What a change takes; what is left out stays. The password can be set, never read. */
export const connectorChange = z.strictObject({ ...optional, password: password.optional() });
export type ConnectorChange = z.input<typeof connectorChange>;

/** A rule between fields that does not hold. */
export interface SettingsConflict {
  readonly field: keyof ConnectorSettings;
  readonly sentence: string;
}

/** The rules between fields, which no field can check alone; null when all hold. */
export function conflictOf(settings: ConnectorSettings): SettingsConflict | null {
  if (settings.windowSize > 1 && settings.otpWindowReserve >= settings.windowSize)
    return {
      field: 'otpWindowReserve',
      sentence: 'The reserve must leave room in the window for other messages.',
    };
  if (settings.tls === 'pinned' && settings.tlsCa === null)
    return { field: 'tlsCa', sentence: 'Pinning needs the certificates to pin to.' };
  if (settings.tls === 'off' && (settings.tlsCa !== null || settings.tlsServerName !== null))
    return { field: 'tls', sentence: 'Certificates are given, but TLS is off.' };
  if (
    settings.interfaceVersion === 0x33 &&
    (settings.longMessages === 'sar' || settings.longMessages === 'payload')
  )
    return { field: 'longMessages', sentence: 'SMPP 3.3 has no optional parameters: use udh8 or udh16.' };
  if (settings.interfaceVersion === 0x33 && settings.bindMode === 'trx')
    return { field: 'bindMode', sentence: 'SMPP 3.3 has no transceivers: use tx_rx.' };
  const listed = [
    ...settings.permanentStatuses,
    ...settings.temporaryStatuses,
    ...settings.throttlingStatuses,
  ];
  if (new Set(listed).size !== listed.length)
    return { field: 'permanentStatuses', sentence: 'A status is listed with two meanings, or twice.' };
  return null;
}
