// The product as a process of its own, started as an operator starts it, and ended as badly as a test wants.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledCode } from '../compiled-code.ts';
import { eventually, within } from './waiting.ts';

export interface ServerOptions {
  /** The folder that holds `src/main/cli.ts`: the checkout's server, or a changed copy of it. */
  readonly source: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything the process says is appended here. */
  readonly logFile: string;
  /** For `SOTTO_FAILPOINTS`. */
  readonly failpoints?: string;
}

/** Migrations, recovery of the database after a kill and a busy machine are all within it. */
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 40_000;
/** Where a server listens that died before it did: nothing answers there. */
const NOWHERE = 'http://127.0.0.1:9';
const READY = /Sotto is ready at (http:\S+)/;

export class ServerProcess {
  readonly baseUrl: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, baseUrl: string) {
    this.#child = child;
    this.baseUrl = baseUrl;
  }

  /**
   * Resolves when it listens, or when an armed failpoint has killed it before that. Rejects with the end of its log
   * when it ends otherwise.
   */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const log = openSync(options.logFile, 'a', 0o600);
    const said: string[] = [];
    const child = spawn(process.execPath, [join(options.source, 'src/main/cli.ts'), 'start'], {
      env: {
        ...options.env,
        ...compiledCode(options.source),
        ...(options.failpoints === undefined ? {} : { SOTTO_FAILPOINTS: options.failpoints }),
      },
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said.push(text);
      appendFileSync(options.logFile, text);
    });
    try {
      const baseUrl = await eventually('the server says that it is ready', START_LIMIT_MS, () => {
        // What waits from before can pass an armed failpoint while the server is still starting.
        if (child.signalCode === 'SIGKILL' && options.failpoints !== undefined) return NOWHERE;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the server ended at its start: ${tailOf(options.logFile)}`);
        return READY.exec(said.join(''))?.[1];
      });
      said.length = 0;
      return new ServerProcess(child, baseUrl);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process is gone, by whatever. */
  async ended(limitMs: number): Promise<void> {
    if (!this.alive) return;
    await within('the server process ends', limitMs, once(this.#child, 'exit'));
  }

  /** kill -9, and waits until the kernel has let it go. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended(STOP_LIMIT_MS);
  }

  /** Stops in order. */
  async stop(): Promise<void> {
    if (!this.alive) return;
    this.signal('SIGTERM');
    await this.ended(STOP_LIMIT_MS);
  }
}

const tailOf = (file: string): string => readFileSync(file, 'utf8').trim().split('\n').slice(-8).join(' | ');
