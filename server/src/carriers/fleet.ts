// All connectors of this process, kept equal to the table: started, reloaded and stopped as the operator changes them.

import { type SessionTimers, systemTimers } from '@sotto/smpp';
import type { Database } from '#platform/database';
import { log, id as logId, word } from '#platform/log';
import type { Keyring } from '#privacy';
import { BindWatch } from './bind-watch.ts';
import { DatabaseLeases, type LeaseTimes } from './leases/lease-keeper.ts';
import { countUnstored, publishHealth } from './metrics.ts';
import type {
  CarrierInbound,
  CarrierReceipt,
  CarrierSinks,
  Connector,
  ConnectorHealth,
  LateAnswer,
  MessageIdForm,
} from './port.ts';
import { AcknowledgedBatches } from './receipts/acknowledged-batches.ts';
import { MessageIds } from './receipts/message-ids.ts';
import { openPassword } from './settings/connector-passwords.ts';
import {
  type ConnectorRowWithSecret,
  selectForBinding,
  selectVersions,
  settingsOf,
} from './settings/connector-rows.sql.ts';
import { SmppConnector } from './smpp/smpp-connector.ts';

export interface FleetOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly sinks: CarrierSinks;
  /** Asked before every connection whether a host is a declared recipient; every host is when it is left out. */
  readonly hostAllowed?: (host: string) => boolean;
  /** How often the table is compared. */
  readonly pollMs?: number;
  /** How long stopping a connector waits for outstanding answers. */
  readonly drainMs?: number;
  readonly leaseTimes?: LeaseTimes;
  readonly timers?: SessionTimers;
}

export interface CarrierFleet {
  /** Connectors that run in this process, by name. The objects change when their settings do: see `onChange`. */
  connectors(): readonly Connector[];
  connector(id: string): Connector | undefined;
  health(): readonly (ConnectorHealth & { readonly id: string; readonly name: string })[];
  /** Calls back after connectors were added, replaced or removed. */
  onChange(listener: () => void): void;
  /** The candidate of a receipt made in this form was right: that form leads from now on. */
  matched(connectorId: string, form: MessageIdForm): void;
  /**
   * For a readiness check: undefined, or a sentence when a connector of this process has had no bind for a minute.
   * Connectors whose binds other processes hold are well.
   */
  unready(): string | undefined;
  /** Compares with the table now; resolves when changes have been taken up, not when they are bound. */
  reload(): Promise<void>;
  /** Drains and unbinds everything. May be repeated. */
  stop(): Promise<void>;
}

interface Running {
  readonly version: bigint;
  readonly connector: SmppConnector;
}

const POLL_MS = 1_000;
/** A connector that could not be started is tried again after this, or when it is changed. */
const FAILED_AGAIN_MS = 30_000;

/** Starts every enabled connector. Rejects when the table cannot be read; later failures are logged and tried again. */
export async function startCarriers(options: FleetOptions): Promise<CarrierFleet> {
  const fleet = new Fleet(options);
  try {
    await fleet.reload();
  } catch (error) {
    await fleet.stop();
    throw error;
  }
  return fleet;
}

class Fleet implements CarrierFleet {
  readonly #options: FleetOptions;
  readonly #leases: DatabaseLeases;
  readonly #running = new Map<string, Running>();
  /** Connectors that were replaced or removed and still drain; a slot is free for its successor after that. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** What was learned about ids outlives a change of the settings. */
  readonly #ids = new Map<string, { readonly rule: string; readonly ids: MessageIds }>();
  /** Connectors that could not be started, by the version that failed, and when to try that one again. */
  readonly #failed = new Map<string, { readonly version: bigint; readonly againMs: number }>();
  readonly #listeners: (() => void)[] = [];
  readonly #receipts: AcknowledgedBatches<CarrierReceipt>;
  readonly #inbound: AcknowledgedBatches<CarrierInbound>;
  readonly #lateAnswers: LateAnswer[] = [];
  readonly #watch = new BindWatch();
  readonly #timers: SessionTimers;
  readonly #stopPolling: () => void;
  #reloading: Promise<void> | null = null;
  #stopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    const timers = options.timers ?? systemTimers;
    this.#timers = timers;
    this.#leases = new DatabaseLeases(options.db, options.leaseTimes, timers);
    this.#receipts = new AcknowledgedBatches(
      (batch) => options.sinks.receipts(batch),
      (error, items) => unstored('receipt', error, items),
    );
    this.#inbound = new AcknowledgedBatches(
      (batch) => options.sinks.inbound(batch),
      (error, items) => unstored('inbound', error, items),
    );
    this.#stopPolling = timers.every(options.pollMs ?? POLL_MS, () => this.#poll());
  }

  connectors(): readonly Connector[] {
    return [...this.#running.values()]
      .map(({ connector }) => connector)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  connector(id: string): Connector | undefined {
    return this.#running.get(id)?.connector;
  }

  health() {
    return this.connectors().map(({ id, name, health }) => ({ id, name, ...health }));
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  matched(connectorId: string, form: MessageIdForm): void {
    this.#ids.get(connectorId)?.ids.matched(form);
  }

  unready(): string | undefined {
    return this.#watch.unready(this.health(), this.#timers.now());
  }

  reload(): Promise<void> {
    // A comparison under way may have read the table before the caller changed it: another one follows.
    const before = this.#reloading ?? Promise.resolve();
    const next = before.catch(() => undefined).then(() => this.#compare());
    const tracked = next.finally(() => {
      if (this.#reloading === tracked) this.#reloading = null;
    });
    this.#reloading = tracked;
    return tracked;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopPolling();
    await this.#reloading?.catch(() => undefined);
    for (const [id, { connector }] of this.#running) this.#leave(id, connector);
    this.#running.clear();
    await Promise.all(this.#leaving.values());
    await Promise.all([this.#receipts.idle(), this.#inbound.idle()]);
    this.#leases.stop();
  }

  #poll(): void {
    const health = this.health();
    for (const one of health) publishHealth(one.name, one);
    this.#watch.look(health, this.#timers.now());
    if (this.#reloading !== null) return;
    this.reload().catch((error: unknown) => log.warn('carriers.reload_failed', { error }));
  }

  /** Makes what runs equal to what the table says. A connector that cannot be started does not keep others from it. */
  async #compare(): Promise<void> {
    if (this.#stopping) return;
    const { db } = this.#options;
    const wanted = new Map(
      (await db.batch((tx) => selectVersions(tx))).map(({ id, version }) => [id, version]),
    );
    const changed = [...wanted].filter(
      ([id, version]) => this.#running.get(id)?.version !== version && !this.#isPostponed(id, version),
    );
    const rows =
      changed.length === 0
        ? []
        : await db.batch((tx) =>
            selectForBinding(
              tx,
              changed.map(([id]) => id),
            ),
          );
    const before = new Map(this.#running);
    for (const [id, { connector }] of before) {
      if (wanted.has(id)) continue;
      this.#running.delete(id);
      this.#leave(id, connector);
      log.info('carriers.connector_removed', { connector: word(connector.name) });
    }
    for (const row of rows) {
      try {
        await this.#replace(row);
      } catch (error) {
        this.#failed.set(row.id, { version: row.version, againMs: this.#timers.now() + FAILED_AGAIN_MS });
        log.error('carriers.connector_not_started', { connectorId: logId(row.id), error });
      }
    }
    const same = this.#running.size === before.size && rows.length === 0;
    if (!same) for (const listener of this.#listeners) notify(listener);
  }

  #isPostponed(id: string, version: bigint): boolean {
    const failed = this.#failed.get(id);
    if (failed === undefined) return false;
    if (failed.version === version && this.#timers.now() < failed.againMs) return true;
    this.#failed.delete(id);
    return false;
  }

  async #replace(row: ConnectorRowWithSecret): Promise<void> {
    const { db: _db, sinks: _sinks, keyring, ...rest } = this.#options;
    const password = await openPassword(keyring, row.id, row.password);
    if (password === null) throw new Error('the password of this connector was shredded; set it anew');
    const before = this.#running.get(row.id);
    const settings = settingsOf(row);
    if (before?.connector.retune(settings, password)) {
      this.#running.set(row.id, { version: row.version, connector: before.connector });
      return;
    }
    if (before !== undefined) this.#leave(row.id, before.connector);
    const connector = new SmppConnector({
      id: row.id,
      settings,
      password,
      leases: this.#leases,
      ids: this.#idsOf(row.id, settings.messageIds),
      onReceipt: (receipt, settle) => this.#receipts.add(receipt, settle),
      onInbound: (inbound, settle) => this.#inbound.add(inbound, settle),
      onLate: (answer) => this.#late(answer),
      ...(rest.hostAllowed === undefined ? {} : { hostAllowed: rest.hostAllowed }),
      ...(rest.drainMs === undefined ? {} : { drainMs: rest.drainMs }),
      ...(rest.timers === undefined ? {} : { timers: rest.timers }),
    });
    this.#running.set(row.id, { version: row.version, connector });
    log.info('carriers.connector_started', { connector: word(connector.name) });
  }

  /** Late answers of one turn go together; they come by the hundred when a carrier wakes up. */
  #late(answer: LateAnswer): void {
    const { sinks } = this.#options;
    if (sinks.late === undefined || this.#lateAnswers.push(answer) > 1) return;
    setImmediate(async () => {
      try {
        await sinks.late?.(this.#lateAnswers.splice(0));
      } catch (error) {
        log.warn('carriers.late_answers_not_taken', { error });
      }
    });
  }

  #idsOf(id: string, rule: ConstructorParameters<typeof MessageIds>[0]): MessageIds {
    const known = this.#ids.get(id);
    if (known?.rule === rule) return known.ids;
    const ids = new MessageIds(rule);
    this.#ids.set(id, { rule, ids });
    return ids;
  }

  /** Its successor asks for the same slots at once and gets them when this one has given them back. */
  #leave(id: string, connector: SmppConnector): void {
    const left = Promise.all([this.#leaving.get(id), connector.stop()])
      .catch((error: unknown) => log.error('carriers.connector_not_stopped', { error }))
      .then(() => {
        if (this.#leaving.get(id) === left) this.#leaving.delete(id);
      });
    this.#leaving.set(id, left);
  }
}

function notify(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    log.error('carriers.change_listener_failed', { error });
  }
}

function unstored(kind: 'receipt' | 'inbound', error: unknown, items: number): void {
  countUnstored(kind, items);
  log.warn('carriers.deliveries_not_stored', { kind: word(kind), count: items, error });
}
