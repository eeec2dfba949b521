import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createLog } from '#platform/log';
import { createEgress } from '#privacy/egress';
import type { ErrorCount } from '../error-tally.ts';
import type { TelemetryPermissions } from '../permissions.ts';
import { scrubError } from '../scrub-error.ts';
import type { UsageCount } from '../usage-tally.ts';
import { createForwarder, type Forwarder } from './forwarder.ts';
import { EVENTS_MAX } from './measurement.ts';
import { telemetryEgress } from './recipients.ts';
import type { ForwardSettings } from './settings.ts';

interface Seen {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const NOON = Date.UTC(2026, 2, 10, 12);
const ON: Pick<TelemetryPermissions, 'isOn'> = { isOn: () => true };
const counts = (many: number): UsageCount[] =>
  Array.from({ length: many }, (_, at) => ({
    day: '2026-03-10',
    kind: 'feature',
    name: 'messages.send',
    uses: 5 + at,
  }));
const fault = (thrown: unknown, times = 2): ErrorCount => ({
  day: '2026-03-10',
  times,
  ...scrubError(thrown),
});

/** A collector on this machine, and a forwarder whose every call goes through a real egress client. */
async function withCollector(
  body: (world: {
    seen: Seen[];
    settings: ForwardSettings;
    open: (permissions?: Pick<TelemetryPermissions, 'isOn'>, settings?: ForwardSettings) => Forwarder;
  }) => Promise<void>,
  answer: RequestListener = (_, response) => response.writeHead(204).end(),
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url!, 'http://localhost');
      seen.push({ url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const settings: ForwardSettings = {
    errorCollector: { origin, path: '/api/7/envelope/', publicKey: 'a'.repeat(32) },
    usageStreams: [
      { kind: 'web', origin, measurementId: 'G-EXAMPLE', apiSecret: 'web secret' },
      {
        kind: 'app',
        origin,
        firebaseAppId: '1:23:android:4',
        appInstanceId: 'b'.repeat(32),
        apiSecret: 'app',
      },
    ],
  };
  const doors: ReturnType<typeof createEgress>[] = [];
  try {
    await body({
      seen,
      settings,
      open(permissions = ON, own = settings) {
        const egress = createEgress(telemetryEgress(own, permissions), {
          development: true,
          resolve: async () => ['127.0.0.1'],
        });
        doors.push(egress);
        return createForwarder({
          settings: own,
          egress,
          permissions,
          build: { release: 'sotto@0.1.0', environment: 'development' },
          log: createLog({ level: 'silent' }),
        });
      },
    });
  } finally {
    await Promise.all(doors.map((door) => door.close()));
    server.closeAllConnections();
    server.close();
  }
}

test('an error arrives as an envelope with class, sentence of the catalogue and places, and nothing else', () =>
  withCollector(async ({ seen, open }) => {
    const thrown = Object.assign(new Error('canary ada@example.com'), {
      code: 'not_found',
      to: '+4915550001111',
    });
    await open().errors([fault(thrown)], NOON);
    const [{ url, headers, body }] = seen as [Seen];
    assert.equal(url.pathname, '/api/7/envelope/');
    assert.equal(headers['content-type'], 'application/x-sentry-envelope');
    assert.match(String(headers['x-sentry-auth']), /^Sentry sentry_version=7, .*sentry_key=a{32}$/);
    assert.doesNotMatch(body, /canary|example\.com|4915550001111/);
    const [envelope, item, event, ...rest] = body
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    assert.deepEqual(rest, []);
    assert.deepEqual(item, { type: 'event' });
    assert.match(envelope.event_id, /^[0-9a-f]{32}$/);
    assert.equal(event.event_id, envelope.event_id);
    assert.equal(event.timestamp, '2026-03-10T12:00:00.000Z');
    assert.equal(event.tags.times, '2');
    const [exception] = event.exception.values;
    assert.equal(exception.type, 'Error');
    assert.match(exception.value, /^[A-Z].*\.$/, 'the catalogue has a sentence for it');
    const innermost = exception.stacktrace.frames.at(-1);
    assert.equal(innermost.filename, 'server/src/telemetry/forward/forwarder.test.ts');
    assert.ok(
      Object.keys(innermost).every((key) => ['filename', 'function', 'lineno', 'in_app'].includes(key)),
    );
    assert.ok(!('user' in event) && !('request' in event) && !('server_name' in event));
  }));

test('counts arrive as events of both streams, 25 a request, of no client that anybody is', () =>
  withCollector(async ({ seen, open }) => {
    await open().usage(counts(EVENTS_MAX + 3));
    assert.deepEqual(
      seen.map(({ url }) => [...url.searchParams].map(([key, value]) => `${key}=${value}`).join('&')),
      [
        'measurement_id=G-EXAMPLE&api_secret=web secret',
        'measurement_id=G-EXAMPLE&api_secret=web secret',
        'firebase_app_id=1:23:android:4&api_secret=app',
        'firebase_app_id=1:23:android:4&api_secret=app',
      ],
    );
    const bodies = seen.map(({ body }) => JSON.parse(body));
    assert.deepEqual(
      bodies.map(({ events }) => events.length),
      [EVENTS_MAX, 3, EVENTS_MAX, 3],
    );
    assert.deepEqual(bodies[0].events[0], {
      name: 'use',
      params: { kind: 'feature', name: 'messages.send', day: '2026-03-10', uses: 5 },
    });
    assert.deepEqual(bodies[0].consent, { ad_user_data: 'DENIED', ad_personalization: 'DENIED' });
    assert.equal(bodies[0].non_personalized_ads, true);
    assert.notEqual(bodies[0].client_id, bodies[1].client_id, 'made up for each request');
    assert.equal(bodies[2].app_instance_id, 'b'.repeat(32));
  }));

test('a feature that is off registers nobody, and a call of them is refused', () =>
  withCollector(async ({ seen, settings, open }) => {
    const errorsOnly = { isOn: (feature: string) => feature === 'error_reports' };
    assert.deepEqual(Object.keys(telemetryEgress(settings, errorsOnly)), ['error_reporter']);
    const forwarder = open(errorsOnly);
    assert.equal(forwarder.takesUsage(), false);
    await forwarder.usage(counts(1));
    assert.equal(seen.length, 0);
    await forwarder.errors([fault(new Error('x'))], NOON);
    assert.equal(seen.length, 1);
    const door = createEgress(telemetryEgress(settings, errorsOnly), { development: true });
    const url = `${settings.usageStreams[0]!.origin}/mp/collect`;
    await assert.rejects(door.send('usage_counter', { url, method: 'POST', body: { json: {} } }), {
      code: 'E-REC-UNDECLARED',
    });
    await door.close();
  }));

test('a field that is not on the list stops the request', () =>
  withCollector(async ({ seen, settings }) => {
    const door = createEgress(telemetryEgress(settings, ON), {
      development: true,
      resolve: async () => ['127.0.0.1'],
    });
    const { origin } = settings.usageStreams[0]!;
    for (const [recipient, path, body] of [
      ['usage_counter', '/mp/collect', { json: { client_id: '1.2', user_id: 'ada' } }],
      [
        'usage_counter',
        '/mp/collect',
        { json: { events: [{ name: 'use', params: { ip: '203.0.113.1' } }] } },
      ],
      ['error_reporter', '/api/7/envelope/', { jsonLines: [{ event_id: 'x' }, { user: { email: 'a' } }] }],
      ['error_reporter', '/api/7/envelope/', { jsonLines: [{ request: { url: 'x' } }] }],
    ] as const) {
      await assert.rejects(door.send(recipient, { url: `${origin}${path}`, method: 'POST', body }), {
        code: 'E-REC-PAYLOAD',
      });
    }
    await door.close();
    assert.equal(seen.length, 0);
  }));

test('a collector that asks for rest gets it, and each call is made once', () =>
  withCollector(
    async ({ seen, open }) => {
      const forwarder = open();
      await forwarder.errors(
        [fault(new Error('x')), fault(new TypeError('y')), fault(new RangeError('z'))],
        NOON,
      );
      assert.equal(seen.length, 1, 'the rest of the batch is not sent');
      await forwarder.errors([fault(new Error('x'))], NOON);
      assert.equal(seen.length, 1);
      await forwarder.usage(counts(1));
      assert.equal(seen.length, 2, 'the other recipient did not ask: one web stream, then it rests too');
    },
    (_, response) => response.writeHead(429, { 'retry-after': '120' }).end(),
  ));

test('a collector that is not there or answers no harms nobody', () =>
  withCollector(
    async ({ seen, settings, open }) => {
      const forwarder = open();
      await forwarder.errors([fault(new Error('x')), fault(new TypeError('y'))], NOON);
      assert.equal(seen.length, 2);
      await forwarder.errors([fault(new Error('x'))], NOON);
      assert.equal(seen.length, 3, 'a refusal is an answer');
      const nowhere = { ...settings.errorCollector!, origin: 'http://localhost:9' };
      await open(ON, { errorCollector: nowhere, usageStreams: [] }).errors([fault(new Error('x'))], NOON);
      assert.equal(seen.length, 3);
    },
    (_, response) => response.writeHead(400).end('{"detail":"no"}'),
  ));

test('a burst of faults does not become a burst of calls', () =>
  withCollector(async ({ seen, open }) => {
    await open().errors(
      Array.from({ length: 120 }, () => fault(new Error('x'))),
      NOON,
    );
    assert.equal(seen.length, 50);
  }));
