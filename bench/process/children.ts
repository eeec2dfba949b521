// Every process the bench starts is in one registry, so that whatever happens none outlives it. They are ended by
// their own process id, politely first.
import { type ChildProcess, fork, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  readonly pid: number;
  /** How it ended, if it has, and what it last wrote: for the sentence that explains a failure. */
  readonly complaint: () => string;
  /** Resolves when it has ended; true when it ended by itself or within the limit. May be repeated. */
  stop(limitMs?: number): Promise<boolean>;
}

const COMPLAINT_CHARACTERS = 2_000;
const STOP_LIMIT_MS = 15_000;

export class Children {
  readonly #all = new Set<Child>();
  #closed = false;

  /** Starts a program. Rejects when it cannot be started. */
  async spawn(
    name: string,
    command: string,
    args: readonly string[],
    options: SpawnOptions = {},
  ): Promise<Child> {
    this.#refuseWhenClosed();
    return this.#watch(name, spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'], ...options }));
  }

  /** Runs a program to its end and returns what it wrote. Rejects when it fails, or does not end within the limit. */
  async run(
    name: string,
    command: string,
    args: readonly string[],
    limitMs: number,
    options: SpawnOptions = {},
  ): Promise<string> {
    const child = await this.spawn(name, command, args, options);
    let said = '';
    child.process.stdout!.on('data', (text: string) => {
      said += text;
    });
    const late = setTimeout(() => void child.stop(), limitMs);
    await new Promise((ended) => child.process.once('close', ended));
    clearTimeout(late);
    if (child.process.exitCode !== 0) throw new Error(child.complaint());
    return said;
  }

  /** Starts a module of ours as a process of its own, with a channel for messages. */
  async fork(name: string, modulePath: string, args: readonly string[] = []): Promise<Child> {
    this.#refuseWhenClosed();
    const child = fork(modulePath, [...args], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    return this.#watch(name, child);
  }

  /** Ends whatever still runs. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#all].map((child) => child.stop()));
  }

  /** Ends whatever still runs, and lets nothing start any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.stopAll();
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error('the bench has ended');
  }

  async #watch(name: string, process: ChildProcess): Promise<Child> {
    let complaint = '';
    for (const output of [process.stdout, process.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(-COMPLAINT_CHARACTERS);
      });
    }
    // What is written to a process that has ended is of no use to anybody.
    process.stdin?.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => {
      process.once('exit', () => resolve());
      process.once('error', () => resolve());
    });
    await new Promise<void>((resolve, reject) => {
      process.once('spawn', resolve);
      process.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    });
    const child: Child = {
      name,
      process,
      pid: process.pid!,
      complaint: () => {
        const { exitCode, signalCode } = process;
        const ended =
          exitCode === null && signalCode === null ? 'runs' : `ended by ${signalCode ?? exitCode}`;
        return `${name} ${ended}; it last wrote: ${withoutKeys(complaint).trim() || 'nothing'}`;
      },
      stop: (limitMs = STOP_LIMIT_MS) => end(process, ended, limitMs),
    };
    this.#all.add(child);
    void ended.then(() => this.#all.delete(child));
    return child;
  }
}

/** Development servers greet with their keys, which belong in no report. */
const withoutKeys = (text: string): string => text.replace(/sotto_(live|test|admin)_\w+/g, 'sotto_$1_...');

async function end(process: ChildProcess, ended: Promise<void>, limitMs: number): Promise<boolean> {
  if (process.exitCode !== null || process.signalCode !== null) return true;
  process.kill('SIGTERM');
  const late = new AbortController();
  const inTime = await Promise.race([
    ended.then(() => true),
    pause(limitMs, false, { signal: late.signal }).catch(() => true),
  ]);
  late.abort();
  if (!inTime) process.kill('SIGKILL');
  await ended;
  return inTime;
}
