// A scrubbed error as an envelope of Sentry's protocol: a header, the header of one item, the event, a line each. It
// has no message but the sentence of our own catalogue, no user, no request, no server name and no breadcrumbs.
import { randomBytes } from 'node:crypto';
import type { EgressRequest } from '#privacy/egress';
import type { ErrorCount } from '../error-tally.ts';
import { publicSentence } from '../error-words.ts';
import type { ErrorCollector } from './settings.ts';

/** What the collector shows beside the error; words of ours. */
export interface Build {
  readonly release: string;
  readonly environment: 'development' | 'production';
}

/** One event for all the times a fault happened since the last flush; `atMs` is when it is sent. */
export function sentryRequest(
  { origin, path, publicKey }: ErrorCollector,
  error: ErrorCount,
  build: Build,
  atMs: number,
): EgressRequest {
  const eventId = randomBytes(16).toString('hex');
  const event = {
    event_id: eventId,
    timestamp: new Date(atMs).toISOString(),
    platform: 'node',
    level: 'error',
    release: build.release,
    environment: build.environment,
    fingerprint: [error.fingerprint],
    tags: { times: String(error.times) },
    exception: { values: [exceptionOf(error)] },
  };
  return {
    url: `${origin}${path}`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-sentry-envelope',
      'x-sentry-auth': `Sentry sentry_version=7, sentry_client=sotto/1, sentry_key=${publicKey}`,
    },
    body: { jsonLines: [{ event_id: eventId }, { type: 'event' }, event] },
  };
}

/** The protocol lists frames outermost first. */
function exceptionOf({ class: type, code, causes, frames }: ErrorCount) {
  return {
    type,
    value: publicSentence(code) ?? [...(code === null ? [] : [code]), ...causes].join(' from '),
    stacktrace: {
      frames: frames.toReversed().map((frame) => ({
        filename: frame.file,
        ...(frame.function === null ? {} : { function: frame.function }),
        lineno: frame.line,
        in_app: true,
      })),
    },
  };
}
