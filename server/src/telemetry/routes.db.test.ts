import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listErrorReports, listUsage } from '@sotto/contract/admin/telemetry';
import { useApi } from '../../test/api.ts';
import { scrubError } from './scrub-error.ts';
import { storeErrors, storeUsage } from './store.ts';

describe('what the operator sees of use and of faults', () => {
  const app = useApi();
  const get = async (url: string, token = app.admin) => {
    const answer = await app.server.fastify.inject({
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: answer.statusCode, body: answer.json() };
  };

  test('counts come by the day, the latest first, page by page, of one kind where it is asked for', async () => {
    await app.database.db.batch((tx) =>
      storeUsage(tx, [
        { day: '2026-03-09', kind: 'feature', name: 'messages.send', uses: 5 },
        { day: '2026-03-10', kind: 'feature', name: 'messages.send', uses: 6 },
        { day: '2026-03-11', kind: 'device', name: 'phone', uses: 7 },
      ]),
    );
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await get(`${listUsage.path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.data.map(({ uses }: { uses: number }) => uses));
      cursor = body.next_cursor;
    }
    assert.deepEqual(seen, [7, 6, 5]);
    const { body } = await get(`${listUsage.path}?kind=device`);
    assert.deepEqual(body.data, [{ day: '2026-03-11', kind: 'device', name: 'phone', uses: 7 }]);
    assert.equal((await get(`${listUsage.path}?kind=person`)).body.code, 'invalid_request');
  });

  test('reports come as they are kept, and to nobody without the scope', async () => {
    const error = scrubError(new RangeError('canary', { cause: new TypeError('canary') }));
    await app.database.db.batch((tx) => storeErrors(tx, [{ ...error, day: '2026-03-10', times: 2 }]));
    const { body } = await get(listErrorReports.path);
    const [report] = body.data;
    assert.deepEqual(
      [report.class, report.code, report.causes, report.times],
      ['RangeError', null, ['TypeError'], 2],
    );
    assert.equal(report.fingerprint, error.fingerprint);
    assert.match(report.frames[0], /^server\/src\/telemetry\/routes\.db\.test\.ts:\d+/);
    assert.ok(!('id' in report));
    assert.equal((await get(listErrorReports.path, app.shop.token)).body.code, 'scope_missing');
    assert.equal((await get(listUsage.path, app.shop.token)).body.code, 'scope_missing');
  });
});
