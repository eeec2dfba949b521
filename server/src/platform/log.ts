// The log: one JSON object a line, an event's name and typed fields. What cannot be a field cannot be logged:
// content, numbers, addresses, tokens and keys have no place to stand (invariant 6; OWASP ASVS 5.0 V16.2.5).
// JSON encodes CR, LF and control characters, so no value can begin a line of its own (V16.4.1).
import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import { alignedNowMs } from './clock.ts';
import { reportError } from './log/error-report.ts';
import { FIELD_KINDS, type FieldName, type LogFields, type NoFreeText } from './log/fields.ts';
import { REDACTED, scrub, word } from './log/scrub.ts';

export { errorLabel } from './log/error-report.ts';
export type { LogFields, LogId, LogWord } from './log/fields.ts';
export { id, word } from './log/scrub.ts';

/** Two or more words, `context.happened`; a literal in the code, so that it can be searched for. */
type EventName<Event extends string> = string extends Event
  ? never
  : Event extends `${string}.${string}`
    ? Event
    : never;

type Write = <Event extends string, const Fields extends LogFields = Record<never, never>>(
  event: EventName<Event>,
  fields?: NoFreeText<Fields> & Fields,
) => void;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface Log {
  /** For developers; off by default. */
  readonly debug: Write;
  /** Something an operator may want to know happened as it should. */
  readonly info: Write;
  /** Something went wrong and was dealt with. */
  readonly warn: Write;
  /** Something went wrong and somebody must look. */
  readonly error: Write;
  /** A log whose every line has these fields too. */
  with<const Fields extends LogFields>(fields: NoFreeText<Fields> & Fields): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Standard output when absent. */
  readonly destination?: DestinationStream;
  /** Called for every value that had to be replaced: a defect to be found by event and field. */
  readonly onRedacted?: (event: string, field: string) => void;
}

let redactedCount = 0;
/** How many values this process has replaced in its log; metrics show it, and it should stay zero. */
export const redactedValues = (): number => redactedCount;

const errorListeners = new Set<(error: unknown) => void>();
/**
 * Tells `listener` of every error of this process that is logged for somebody to look at, also where the level keeps
 * the line out. It gets the error as it was thrown and may neither throw nor wait. Returns what ends it.
 */
export function onLoggedError(listener: (error: unknown) => void): () => void {
  errorListeners.add(listener);
  return () => errorListeners.delete(listener);
}

/** Makes a log of its own, for tests and for processes that write elsewhere. */
export function createLog(options: LogOptions): Log {
  const settings = {
    level: options.level,
    base: { pid: process.pid },
    messageKey: 'event',
    timestamp: () => `,"time":"${new Date(alignedNowMs()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const target = options.destination ? pino(settings, options.destination) : pino(settings);
  return bind(target, options, {});
}

function bind(target: Logger, options: LogOptions, bound: LogFields): Log {
  const write =
    (level: Level): Write =>
    (event, fields) => {
      if (level === 'error' && fields !== undefined && 'error' in fields)
        for (const listener of errorListeners) listener(fields.error);
      if (!target.isLevelEnabled(level)) return;
      const name: string = word(event);
      target[level](line(name, { ...bound, ...fields }, options), name);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => bind(target, options, { ...bound, ...(fields as LogFields) }),
  };
}

function line(event: string, fields: LogFields, options: LogOptions): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const redacted = (field: string) => {
    redactedCount += 1;
    options.onRedacted?.(event, field);
  };
  if (event === REDACTED) redacted('event');
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (field === 'error') out.error = reportError(value);
    else if (Object.hasOwn(FIELD_KINDS, field))
      out[field] = scrub(FIELD_KINDS[field as FieldName], value, () => redacted(field));
    else redacted('unknown');
  }
  return out;
}

let current = createLog({ level: 'silent' });

/** Sets level and destination of the process's log. Until then it is silent, as tests want it. */
export function configureLog(options: LogOptions): void {
  current = createLog(options);
}

/** The process's log. Lines go where `configureLog` said last, also from modules loaded before. */
export const log: Log = {
  debug: (event, fields) => current.debug(event, fields),
  info: (event, fields) => current.info(event, fields),
  warn: (event, fields) => current.warn(event, fields),
  error: (event, fields) => current.error(event, fields),
  with: (fields) => current.with(fields),
};
