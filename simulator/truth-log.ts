// What the SMSC saw and did, one JSON line an event, appended and fsynced, so that tests can compare it with what
// the platform believes. It holds numbers, and bodies when asked: for tests and demonstrations only.

import { hash } from 'node:crypto';
import { close, closeSync, fdatasync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/** One event. `at` is milliseconds since 1970, `connection` counts from 1 within the run. */
export type TruthEvent =
  | { readonly event: 'start'; readonly at: number; readonly port: number; readonly seed: number }
  | { readonly event: 'connect'; readonly at: number; readonly connection: number }
  | {
      readonly event: 'bind';
      readonly at: number;
      readonly connection: number;
      readonly systemId: string;
      readonly mode: string;
      readonly status: number;
    }
  | { readonly event: 'close'; readonly at: number; readonly connection: number; readonly reason: string }
  | {
      readonly event: 'submit';
      readonly at: number;
      readonly connection: number;
      readonly sequence: number;
      readonly source: string;
      readonly destination: string;
      readonly esmClass: number;
      readonly registeredDelivery: number;
      readonly dataCoding: number;
      readonly octets: number;
      /** SHA-256 of the octets, the first 32 hexadecimal digits. */
      readonly digest?: string;
      /** The octets in hexadecimal. */
      readonly body?: string;
    }
  | {
      readonly event: 'answer';
      readonly at: number;
      readonly connection: number;
      readonly sequence: number;
      readonly status: number;
      /** As answered; empty when refused. */
      readonly messageId: string;
      /** Whether the response could be handed to the connection. */
      readonly sent: boolean;
    }
  | {
      readonly event: 'receipt' | 'receipt_ack';
      readonly at: number;
      readonly connection: number;
      readonly sequence: number;
      /** As answered to the submission. */
      readonly messageId: string;
      readonly destination: string;
      readonly state: string;
      /** Of the answer; -1 for none in time or a lost connection. */
      readonly status?: number;
    }
  | {
      readonly event: 'inbound' | 'inbound_ack';
      readonly at: number;
      readonly connection: number;
      readonly sequence: number;
      readonly from: string;
      readonly to: string;
      readonly part: number;
      readonly parts: number;
      readonly status?: number;
    };

export interface TruthLogOptions {
  readonly file: string;
  /** `line` before the next step, a period in milliseconds for groups, or never. */
  readonly sync: 'line' | { readonly everyMs: number } | 'never';
  /** What is kept of bodies. */
  readonly body: 'none' | 'digest' | 'full';
}

const FLUSH_LINES = 4_096;
const NEVER_SYNCED_FLUSH_MS = 100;

/** Appends events. Nothing is lost when the process is killed but what came since the last flush. */
export class TruthLog {
  readonly body: TruthLogOptions['body'];
  readonly #fd: number;
  readonly #sync: TruthLogOptions['sync'];
  readonly #timer: NodeJS.Timeout | null;
  #lines: string[] = [];
  #syncing: Promise<void> | null = null;

  constructor(options: TruthLogOptions) {
    this.body = options.body;
    this.#fd = openSync(options.file, 'a', 0o600);
    this.#sync = options.sync;
    const everyMs = typeof options.sync === 'object' ? options.sync.everyMs : NEVER_SYNCED_FLUSH_MS;
    this.#timer = options.sync === 'line' ? null : setInterval(() => this.#flush(), everyMs);
    this.#timer?.unref();
  }

  write(event: TruthEvent): void {
    this.#lines.push(JSON.stringify(event));
    if (this.#sync === 'line') {
      this.#append();
      fdatasyncSync(this.#fd);
    } else if (this.#lines.length >= FLUSH_LINES) {
      this.#append();
    }
  }

  /** Resolves when everything written so far is on disk (with `never`: with the operating system). */
  async flushed(): Promise<void> {
    this.#flush();
    await this.#syncing;
    if (this.#sync !== 'never') await sync(this.#fd);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.flushed();
    await promisify(close)(this.#fd);
  }

  /** For the last moment of a process. */
  closeNow(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#append();
    if (this.#sync !== 'never') fdatasyncSync(this.#fd);
    closeSync(this.#fd);
  }

  #append(): void {
    if (this.#lines.length === 0) return;
    writeSync(this.#fd, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }

  #flush(): void {
    const dirty = this.#lines.length > 0;
    this.#append();
    if (!dirty || this.#sync === 'never' || this.#syncing) return;
    this.#syncing = sync(this.#fd).finally(() => {
      this.#syncing = null;
    });
  }
}

const sync = promisify(fdatasync);

/** The digest that `submit` events carry. */
export function bodyDigest(octets: Uint8Array): string {
  return hash('sha256', octets, 'hex').slice(0, 32);
}

/** Every event of a log. A last line cut off by a kill is left out; a damaged line elsewhere throws. */
export function readTruthLog(file: string): TruthEvent[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last newline was never finished.
  lines.pop();
  return lines.map((line) => JSON.parse(line) as TruthEvent);
}
