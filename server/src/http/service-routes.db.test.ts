import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { errorCodes, operations, problemType } from '@sotto/contract';
import { deliveryErrorCodes } from '@sotto/contract/delivery-errors';
import {
  getDocs,
  getErrorDocs,
  getLiveness,
  getMetrics,
  getOpenApi,
  getReadiness,
} from '@sotto/contract/service';
import type { ReadinessDocument } from '#platform/readiness';
import { METRICS_TOKEN, useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { PAGE_CSP } from './security-headers.ts';

describe('what stands outside /v1', () => {
  let checks: ReadinessDocument['checks'] = [];
  const app = useApi({
    readiness: { report: async () => ({ ready: checks.every(({ ok }) => ok), checks }) },
  });
  const get = (operation: Parameters<typeof callOperation>[1], request = {}) =>
    callOperation(app.server, operation, request);

  test('liveness touches nothing', async () => {
    assert.deepEqual((await get(getLiveness)).body, { status: 'ok' });
  });

  test('readiness answers 503 with its reasons while a check fails, and 200 when none does', async () => {
    checks = [
      { name: 'platform.database', ok: true },
      { name: 'platform.oldest_job', ok: false, reason: 'the oldest job has waited 90 s' },
    ];
    const failing = await get(getReadiness);
    assert.equal(failing.status, 503);
    assert.deepEqual(failing.body, {
      status: 'not_ready',
      checks: [
        { name: 'platform.database', ok: true, detail: 'ok' },
        { name: 'platform.oldest_job', ok: false, detail: 'the oldest job has waited 90 s' },
      ],
    });
    checks = [{ name: 'platform.database', ok: true }];
    const passing = await get(getReadiness);
    assert.equal(passing.status, 200);
    assert.deepEqual(passing.body, {
      status: 'ready',
      checks: [{ name: 'platform.database', ok: true, detail: 'ok' }],
    });
  });

  test('the description is the committed one, with every operation', async () => {
    const { body } = await get(getOpenApi);
    const committed = JSON.parse(
      readFileSync(new URL('../../../contract/openapi.json', import.meta.url), 'utf8'),
    );
    assert.deepEqual(body, committed);
    for (const { path, method } of operations) assert.ok(body.paths[path][method.toLowerCase()], path);
  });

  test('the reference loads its script from here, and its policy lets nothing come from elsewhere', async () => {
    const { text, headers } = await get(getDocs);
    assert.equal(headers['content-security-policy'], PAGE_CSP);
    assert.doesNotMatch(PAGE_CSP, /https?:|\*|script-src[^;]*unsafe/);
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    assert.ok(sources.length > 0 && sources.every((source) => source.startsWith('/')));
    assert.doesNotMatch(text, /<script>|\son[a-z]+=/);
    const script = await app.server.fastify.inject(sources.find((source) => source.endsWith('.js'))!);
    assert.equal(script.statusCode, 200);
    assert.match(String(script.headers['content-type']), /^text\/javascript/);
    assert.match(String(script.headers['cache-control']), /max-age/);
    // The viewer defines itself and is started once, at the end of its own script.
    assert.match(
      script.payload.slice(-1_000),
      /Scalar\.createApiReference\('#reference', \{"url":"\/openapi\.json"/,
    );
    assert.doesNotMatch(script.payload, /\bnew Function\(|[^.\w]eval\(/);
  });

  test('the type of every problem points at the section of its code', async () => {
    const { text, headers } = await get(getErrorDocs);
    assert.equal(headers['content-security-policy'], PAGE_CSP);
    for (const code of errorCodes) {
      const [path, anchor] = problemType(code).split('#');
      assert.equal(path, getErrorDocs.path);
      assert.equal(text.split(`id="${anchor}"`).length, 2, code);
    }
    for (const code of deliveryErrorCodes) assert.ok(text.includes(`<code>${code}</code>`), code);
    assert.doesNotMatch(text, /<script/);
  });

  test('metrics answer to the token of the settings and to keys of their scope, and to nobody else (checklist 39)', async () => {
    for (const token of [undefined, 'x', `${METRICS_TOKEN}x`, METRICS_TOKEN.slice(1)]) {
      const refused = await get(getMetrics, token === undefined ? {} : { token });
      assert.deepEqual([refused.status, refused.body.code], [401, 'unauthorized']);
    }
    assert.equal((await get(getMetrics, { token: app.shop.token })).body.code, 'scope_missing');
    for (const token of [METRICS_TOKEN, await app.issue(null, ['metrics:read'])]) {
      const { status, text, headers } = await get(getMetrics, { token });
      assert.equal(status, 200);
      assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
      assert.match(text, /^# TYPE sotto_http_requests_total counter$/m);
      assert.ok(!text.includes(app.shop.id) && !text.includes(app.shop.publicId));
    }
  });

  test('the token of the settings opens the metrics and nothing else', async () => {
    for (const operation of operations.filter(({ scope, id }) => scope !== null && id !== getMetrics.id)) {
      const body = operation.request.body === undefined ? {} : { body: operation.examples?.body ?? {} };
      const answer = await get(operation, { token: METRICS_TOKEN, ...body });
      assert.equal(answer.status, 401, operation.id);
    }
  });
});
