// Every route of this process, in one list: each context gives its own, http those that belong to none.
import type { Throttle } from '#abuse';
import { appealsKeptUnder } from '#abuse/expiry';
import { appealRoutes } from '#abuse/routes';
import type { Authenticator } from '#accounts';
import { accountsRoutes } from '#accounts/routes';
import type { CarrierFleet } from '#carriers';
import { carriersRoutes } from '#carriers/routes';
import { jobRoutes, linkPages, serviceRoutes } from '#http';
import { identityRoutes } from '#identity/routes';
import { ledgerRoutes } from '#ledger/routes';
import type { DevelopmentMailbox } from '#mail';
import { type Acceptance, isConnectorAwaited, type Tariffs } from '#messages';
import { messageRoutes, tariffRoutes } from '#messages/routes';
import type { MemoryReader, StoredContentMode } from '#numbers';
import { numbersRoutes } from '#numbers/routes';
import { type Payments, planBoundsOf } from '#payments';
import { paymentRoutes } from '#payments/routes';
import type { Database } from '#platform/database';
import type { Readiness } from '#platform/readiness';
import type { Route } from '#platform/route';
import type { Keyring } from '#privacy';
import type { ErasureRecorder } from '#privacy/erasures';
import type { RememberedVerdicts } from '#privacy/processing';
import type { RetentionLimits } from '#privacy/retention';
import { privacyRoutes } from '#privacy/routes';
import type { SuppressionWatch } from '#privacy/suppressions';
import { keptUnder, type ReplyTerms } from '#support';
import { supportRoutes } from '#support/routes';
import { telemetryRoutes } from '#telemetry/routes';
import type { AccountParts } from './compose-accounts.ts';
import { mailboxRoutes } from './mailbox-routes.ts';
import { holdsOf } from './policy/holds.ts';
import type { PolicyFile } from './policy/policy-file.ts';
import { policyRoutes } from './policy/policy-routes.ts';
import { type SimulatedCarrier, simulatorRoutes } from './simulator-routes.ts';

export interface RoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  /** How fast something may be done, over all processes. */
  readonly throttle: Throttle;
  /** What sign-in is made of. */
  readonly accounts: AccountParts;
  readonly acceptance: Acceptance;
  readonly tariffs: Tariffs;
  readonly suppressions: Pick<SuppressionWatch, 'refresh'>;
  readonly verdicts: Pick<RememberedVerdicts, 'forget'>;
  readonly readiness: Pick<Readiness, 'report'>;
  /** Null in a process without the carrier role. */
  readonly fleet: CarrierFleet | null;
  /** Drops content of erased or cancelled messages from this process's memory. */
  readonly forget: (messageIds: readonly string[]) => void;
  readonly policy: PolicyFile;
  /** Where erasures are remembered, so that no restore brings them back. */
  readonly erasures: ErasureRecorder;
  /** What is set up to take money. */
  readonly payments: Payments;
  /** Most that one of the staff credits alone by hand, in micros. */
  readonly creditAloneMaxMicros: bigint;
  readonly metricsToken: string | undefined;
  /** How long everything is kept, by the policy in force. */
  readonly limits: RetentionLimits;
  /** The simulated carrier, where this process runs one. */
  readonly simulator: SimulatedCarrier | null;
  /** Mails that went nowhere in development, where this process keeps them. */
  readonly mailbox: Pick<DevelopmentMailbox, 'list'> | null;
  /** How stored inbound texts are kept; by the day when absent. */
  readonly inboundMode?: StoredContentMode;
  /** Reads inbound texts that are in memory alone; null where all are stored. */
  readonly memoryReader?: MemoryReader | null;
  /** When answers to requests for help are due. */
  readonly replyTerms: ReplyTerms;
}

export const routesOf = (options: RoutesOptions): readonly Route[] => [
  ...messageRoutes({ ...options, tariff: options.tariffs.current }),
  ...tariffRoutes(options),
  ...numbersRoutes(options),
  ...ledgerRoutes(options),
  ...paymentRoutes(options),
  ...accountsRoutes({
    ...options,
    ...options.accounts,
    holds: holdsOf(options.policy.policy),
    boundsOf: planBoundsOf(options.payments.plans),
  }),
  ...carriersRoutes({ ...options, isAwaited: isConnectorAwaited }),
  ...privacyRoutes(options),
  ...supportRoutes({ ...options, terms: options.replyTerms, kept: keptUnder(options.limits) }),
  ...identityRoutes(options),
  ...appealRoutes({ ...options, kept: appealsKeptUnder(options.limits) }),
  ...telemetryRoutes(options),
  ...jobRoutes(options),
  ...policyRoutes(options.policy),
  ...serviceRoutes(options),
  ...linkPages,
  ...(options.simulator === null ? [] : simulatorRoutes(options.simulator)),
  ...(options.mailbox === null ? [] : mailboxRoutes(options.mailbox)),
];
