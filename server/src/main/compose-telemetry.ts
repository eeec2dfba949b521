// Telemetry and who it may call, wired for one process. Where the policy has no feature of it, it does nothing and
// registers nobody, whatever is configured.
import type { Policy } from '@sotto/policy';
import type { Config } from '#platform/config';
import type { Database } from '#platform/database';
import { Refusal } from '#platform/errors';
import type { Component } from '#platform/lifecycle';
import { log, onLoggedError } from '#platform/log';
import { createEgress } from '#privacy/egress';
import {
  createForwarder,
  createTelemetry,
  forwardSettings,
  openCountryFiles,
  type Telemetry,
  type TelemetryPermissions,
  telemetryEgress,
  undeclaredProxies,
} from '#telemetry';

export interface ComposedTelemetry {
  readonly component: Component;
  readonly used: Telemetry['used'];
}

export function composeTelemetry(
  db: Database,
  config: Config,
  permissions: TelemetryPermissions,
): ComposedTelemetry {
  const settings = forwardSettings(config);
  const egress = createEgress(telemetryEgress(settings, permissions), { development: !config.production });
  const telemetry = createTelemetry({
    db,
    log,
    permissions,
    countries: config.countryDatabase === undefined ? null : openCountryFiles(config.countryDatabase),
    forwarder: createForwarder({
      settings,
      egress,
      permissions,
      build: { release: 'sotto', environment: config.mode },
      log,
    }),
  });
  let stopListening: (() => void) | undefined;
  return {
    used: telemetry.used,
    component: {
      name: 'telemetry',
      start() {
        stopListening = onLoggedError(telemetry.failed);
        telemetry.start();
      },
      async stop(limitMs) {
        stopListening?.();
        await telemetry.stop(limitMs);
        await egress.close();
      },
    },
  };
}

/**
 * Refuses trusted proxies of somebody else for whom no recipient is named, or one that the policy does not list.
 * Before anything is touched.
 */
export function refuseForeignProxies(
  { trustedProxies, proxyRecipient }: Pick<Config, 'trustedProxies' | 'proxyRecipient'>,
  { recipients }: Pick<Policy, 'recipients'>,
): void {
  const objections = undeclaredProxies(trustedProxies, proxyRecipient, Object.keys(recipients));
  const [first] = objections;
  if (first === undefined) return;
  throw new Refusal([...new Set(objections.map(({ sentence }) => sentence))].join('\n'), first.waysOut);
}
