// Every route of this process, in one list: each context gives its own, http those that belong to none.
import type { Authenticator } from '#accounts';
import { accountsRoutes } from '#accounts/routes';
import type { CarrierFleet } from '#carriers';
import { carriersRoutes } from '#carriers/routes';
import { jobRoutes, serviceRoutes } from '#http';
import { ledgerRoutes } from '#ledger/routes';
import { type Acceptance, isConnectorAwaited, type Tariffs } from '#messages';
import { messageRoutes, tariffRoutes } from '#messages/routes';
import { numbersRoutes } from '#numbers/routes';
import type { Database } from '#platform/database';
import type { Readiness } from '#platform/readiness';
import type { Route } from '#platform/route';
import type { Keyring } from '#privacy';
import type { ErasureRecorder } from '#privacy/erasures';
import { type SimulatedCarrier, simulatorRoutes } from './simulator-routes.ts';

export interface RoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  readonly acceptance: Acceptance;
  readonly tariffs: Tariffs;
  readonly readiness: Pick<Readiness, 'report'>;
  /** Null in a process without the carrier role. */
  readonly fleet: CarrierFleet | null;
  /** Drops content of erased or cancelled messages from this process's memory. */
  readonly forget: (messageIds: readonly string[]) => void;
  /** Where erasures are remembered, so that no restore brings them back. */
  readonly erasures: ErasureRecorder;
  readonly metricsToken: string | undefined;
  /** The simulated carrier, where this process runs one. */
  readonly simulator: SimulatedCarrier | null;
}

export const routesOf = (options: RoutesOptions): readonly Route[] => [
  ...messageRoutes({ ...options, tariff: options.tariffs.current }),
  ...tariffRoutes(options),
  ...numbersRoutes(options),
  ...ledgerRoutes(options),
  ...accountsRoutes(options),
  ...carriersRoutes({ ...options, isAwaited: isConnectorAwaited }),
  ...jobRoutes(options),
  ...serviceRoutes(options),
  ...(options.simulator === null ? [] : simulatorRoutes(options.simulator)),
];
