import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsPage } from '#platform/metrics';
import { publishHealth } from './metrics.ts';
import { receiptFor, TestSmsc } from './test/test-smsc.ts';
import { aPart, bound, outcomesOf, startConnector } from './test/under-test.ts';

test('submissions, deliveries and binds are counted by connector, without a number in any label', async () => {
  const smsc = await TestSmsc.start({
    onSubmit: (pdu, answer) => {
      answer(pdu.destination.endsWith('1') ? 0 : 0x0b, 'id');
    },
  });
  const { connector } = startConnector(smsc.port, { name: 'metered' });
  await bound(connector);
  await outcomesOf(connector, [aPart(), aPart(), aPart({ to: '+491512345002' })]);
  await smsc.deliver(receiptFor('id'));
  publishHealth(connector.name, connector.health);
  const { text } = await metricsPage();
  for (const line of [
    'sotto_carriers_submitted_parts_total{connector="metered",outcome="accepted"} 2',
    'sotto_carriers_submitted_parts_total{connector="metered",outcome="refused"} 1',
    'sotto_carriers_deliveries_total{connector="metered",kind="receipt"} 1',
    'sotto_carriers_binds_total{connector="metered",event="bound"} 1',
    'sotto_carriers_bound_connections{connector="metered"} 1',
    'sotto_carriers_allowed_parts{connector="metered"} -1',
  ])
    assert.ok(text.includes(line), line);
  assert.ok(!text.includes('4915'));
  await connector.stop();
  await smsc.stop();
});
