// Where telemetry may be forwarded, as the operator configured it. Nothing configured is nobody to forward to.
import type { Feature } from '@sotto/policy/vocabulary/features';

/** A collector that speaks Sentry's protocol, hosted or the operator's own. */
export interface ErrorCollector {
  /** `https://o1.ingest.example.com`, without a path. */
  readonly origin: string;
  /** `/api/1/envelope/` */
  readonly path: string;
  /** The public half of the DSN; it allows sending and nothing else. */
  readonly publicKey: string;
}

/** A stream of Google Analytics, of a web site or of an app known to Firebase. */
export type UsageStream =
  | {
      readonly kind: 'web';
      readonly origin: string;
      readonly measurementId: string;
      readonly apiSecret: string;
    }
  | {
      readonly kind: 'app';
      readonly origin: string;
      readonly firebaseAppId: string;
      /** An installation of the operator's own app; every count is sent as its doing. */
      readonly appInstanceId: string;
      readonly apiSecret: string;
    };

export interface ForwardSettings {
  readonly errorCollector: ErrorCollector | null;
  readonly usageStreams: readonly UsageStream[];
}

export const NOBODY: ForwardSettings = { errorCollector: null, usageStreams: [] };

/** What `sotto start` reads of its environment. */
export interface ForwardConfig {
  readonly sentryDsn?: { reveal(): string } | undefined;
  readonly analyticsMeasurementId?: string | undefined;
  readonly analyticsApiSecret?: { reveal(): string } | undefined;
  readonly firebaseAppId?: string | undefined;
  readonly firebaseAppInstanceId?: string | undefined;
  readonly firebaseApiSecret?: { reveal(): string } | undefined;
}

const ANALYTICS_ORIGIN = 'https://www.google-analytics.com';

/** Reads the settings, which the configuration has checked for form and completeness. */
export function forwardSettings(config: ForwardConfig): ForwardSettings {
  const streams: UsageStream[] = [];
  if (config.analyticsMeasurementId !== undefined && config.analyticsApiSecret !== undefined) {
    streams.push({
      kind: 'web',
      origin: ANALYTICS_ORIGIN,
      measurementId: config.analyticsMeasurementId,
      apiSecret: config.analyticsApiSecret.reveal(),
    });
  }
  const { firebaseAppId, firebaseAppInstanceId, firebaseApiSecret } = config;
  if (firebaseAppId !== undefined && firebaseAppInstanceId !== undefined && firebaseApiSecret !== undefined) {
    streams.push({
      kind: 'app',
      origin: ANALYTICS_ORIGIN,
      firebaseAppId,
      appInstanceId: firebaseAppInstanceId,
      apiSecret: firebaseApiSecret.reveal(),
    });
  }
  return {
    errorCollector: config.sentryDsn === undefined ? null : readDsn(config.sentryDsn.reveal()),
    usageStreams: streams,
  };
}

/** `https://<key>@<host>[:port][/<path>]/<project>`; the configuration refuses any other form. */
export function readDsn(dsn: string): ErrorCollector {
  const url = new URL(dsn);
  const [project = '', ...before] = url.pathname.split('/').filter(Boolean).reverse();
  return {
    origin: url.origin,
    path: ['', ...before.reverse(), 'api', project, 'envelope', ''].join('/'),
    publicKey: url.username,
  };
}

/** The feature of the policy without which a recipient is not even registered. */
export const FEATURE_OF = {
  error_reporter: 'error_reports',
  usage_counter: 'usage_analytics',
} as const satisfies Readonly<Record<string, Feature>>;
