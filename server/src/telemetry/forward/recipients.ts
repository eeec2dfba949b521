// Who telemetry may call, declared for the egress client and for the boot gate. A recipient exists when the operator
// configured it and the policy has its feature; else it is declared nowhere, cannot be called, and the public page has
// no reason to name it (R-FLAGTEXT).
import type { Category, Purpose } from '#privacy/data-map';
import type { DeclaredHost, Recipient, Recipients } from '#privacy/egress';
import type { TelemetryFeature, TelemetryPermissions } from '../permissions.ts';
import { FEATURE_OF, type ForwardSettings } from './settings.ts';

/** Key of a recipient, here and in the policy's `recipients`. */
export type TelemetryRecipient = keyof typeof FEATURE_OF;

/** A recipient as the boot gate compares it with the policy. */
export interface RecipientFact {
  readonly name: TelemetryRecipient;
  readonly purpose: Purpose;
  readonly hosts: readonly string[];
  /** Every field a request may carry; the egress client refuses any other. */
  readonly fields: readonly string[];
  readonly categories: readonly Category[];
  readonly feature: TelemetryFeature;
}

/** An envelope: its header, the header of its one item, and the event (Sentry's envelope protocol). */
const ERROR_FIELDS = [
  'event_id',
  'type',
  'timestamp',
  'platform',
  'level',
  'release',
  'environment',
  'fingerprint',
  'tags.times',
  'exception.values[].type',
  'exception.values[].value',
  'exception.values[].stacktrace.frames[].filename',
  'exception.values[].stacktrace.frames[].function',
  'exception.values[].stacktrace.frames[].lineno',
  'exception.values[].stacktrace.frames[].in_app',
] as const;

/** A request of the Measurement Protocol, its query included. */
const USAGE_FIELDS = [
  'api_secret',
  'non_personalized_ads',
  'consent.ad_user_data',
  'consent.ad_personalization',
  'events[].name',
  'events[].params.kind',
  'events[].params.name',
  'events[].params.day',
  'events[].params.uses',
] as const;
const STREAM_FIELDS = {
  web: ['measurement_id', 'client_id'],
  app: ['firebase_app_id', 'app_instance_id'],
} as const;

const PURPOSE_OF = { error_reporter: 'support', usage_counter: 'improve' } as const;
const CATEGORIES_OF = {
  error_reporter: ['user.telemetry.error_report'],
  usage_counter: ['user.telemetry'],
} as const satisfies Readonly<Record<TelemetryRecipient, readonly Category[]>>;

interface Configured {
  readonly origins: readonly string[];
  readonly fields: readonly string[];
  readonly headers: readonly string[];
}

function configured(settings: ForwardSettings): ReadonlyMap<TelemetryRecipient, Configured> {
  const all = new Map<TelemetryRecipient, Configured>();
  const { errorCollector, usageStreams } = settings;
  if (errorCollector !== null) {
    all.set('error_reporter', {
      origins: [errorCollector.origin],
      fields: ERROR_FIELDS,
      headers: ['x-sentry-auth'],
    });
  }
  if (usageStreams.length > 0) {
    all.set('usage_counter', {
      origins: [...new Set(usageStreams.map(({ origin }) => origin))],
      fields: [...USAGE_FIELDS, ...new Set(usageStreams.flatMap(({ kind }) => STREAM_FIELDS[kind]))],
      headers: [],
    });
  }
  return all;
}

const isRegistered = (name: TelemetryRecipient, permissions: Pick<TelemetryPermissions, 'isOn'>): boolean =>
  permissions.isOn(FEATURE_OF[name]);

/**
 * The recipients of telemetry as facts for the boot gate: those that are configured and whose feature the policy has.
 * Empty for an installation that forwards nothing.
 */
export function telemetryRecipients(
  settings: ForwardSettings,
  permissions: Pick<TelemetryPermissions, 'isOn'>,
): readonly RecipientFact[] {
  return [...configured(settings)]
    .filter(([name]) => isRegistered(name, permissions))
    .map(([name, { origins, fields }]) => ({
      name,
      purpose: PURPOSE_OF[name],
      hosts: origins.map((origin) => new URL(origin).hostname),
      fields,
      categories: CATEGORIES_OF[name],
      feature: FEATURE_OF[name],
    }));
}

/** The same recipients as the egress client wants them declared. */
export function telemetryEgress(
  settings: ForwardSettings,
  permissions: Pick<TelemetryPermissions, 'isOn'>,
): Recipients {
  const entries = [...configured(settings)]
    .filter(([name]) => isRegistered(name, permissions))
    .map(([name, { origins, fields, headers }]): [TelemetryRecipient, Recipient] => [
      name,
      {
        purpose: PURPOSE_OF[name],
        hosts: origins.map(hostOf),
        fields,
        headers,
        loopbackInDevelopment: true,
        timeoutMs: 10_000,
      },
    ]);
  return Object.fromEntries(entries);
}

function hostOf(origin: string): DeclaredHost {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return port === '' ? { host } : { host, ports: [Number(port)] };
}
