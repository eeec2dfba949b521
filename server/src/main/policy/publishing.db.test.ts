import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Policy } from '@sotto/policy';
import { policyHash } from '@sotto/policy';
import type { RetentionRule } from '@sotto/policy/model';
import { Refusal } from '#platform/errors';
import { listPolicies } from '#privacy/policy-versions';
import { useDatabase } from '../../../test/harness.ts';
import { type PolicyFile, readPolicyFile } from './policy-file.ts';
import { publishPolicy, refuseUnpublished } from './publishing.ts';

const base = useDatabase();
const TODAY = '2026-11-26';
const standard = await readPolicyFile('standard', { production: false, today: TODAY });

type Heading = Policy['policy'];

/** `standard` with another heading, and with what `change` makes of it. */
async function version(heading: Partial<Heading>, change: (policy: Policy) => Partial<Policy> = () => ({})) {
  const changed = { ...standard.policy, ...change(standard.policy) };
  const policy = { ...changed, policy: { ...changed.policy, ...heading } } as Policy;
  return { ...standard, policy, hash: await policyHash(policy) } satisfies PolicyFile;
}

/** People are told less: texts are kept longer. */
const longer = (policy: Policy): Partial<Policy> => ({
  retention: {
    ...policy.retention,
    message_content: { ...policy.retention.message_content!, for: 'P30D' } as RetentionRule,
  },
});

const publish = (file: PolicyFile, notice = true) => publishPolicy(base.db, file, { today: TODAY, notice });
const refused = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message);
const history = async () =>
  (await base.db.batch((tx) => listPolicies(tx, 10))).map((row) => `${row.version} ${row.material}`);

test('production runs nothing that was not published, development publishes it by itself', async () => {
  const production = { today: TODAY, production: true };
  await assert.rejects(refuseUnpublished(base.db, standard, production), refused(/has not been published/));
  assert.deepEqual(await history(), []);
  await refuseUnpublished(base.db, standard, { today: TODAY, production: false });
  await refuseUnpublished(base.db, standard, production);
  assert.deepEqual(await history(), ['1.0.0 false']);
});

test('publishing the same content again changes nothing', async () => {
  assert.equal((await publish(standard)).isNew, false);
  assert.deepEqual(await history(), ['1.0.0 false']);
});

test('content that changed under the same version is refused with E-VER, at every start too', async () => {
  const silent = await version({}, longer);
  await assert.rejects(publish(silent), refused(/E-VER/));
  for (const production of [true, false])
    await assert.rejects(
      refuseUnpublished(base.db, silent, { today: TODAY, production }),
      refused(/E-VER.*version/s),
    );
  assert.deepEqual(await history(), ['1.0.0 false']);
});

test('a material change waits as long as people were promised notice, and tells of itself by id', async () => {
  const soon = await version({ version: '1.1.0', effective: '2026-12-01' }, longer);
  await assert.rejects(publish(soon), refused(/promised notice of \(P30D\)/));
  const later = await version({ version: '1.1.0', effective: '2026-12-26' }, longer);
  const { isNew, material, changes } = await publish(later);
  assert.deepEqual([isNew, material], [true, true]);
  assert.ok(changes.some((change) => change.obligation === 'bound:message_content' && change.material));
  assert.deepEqual(await history(), ['1.1.0 true', '1.0.0 false']);
  const events = await base.sql<{ payload: { policy_version_id: string } }>(
    `select payload from platform.outbox where name = 'policy.published' order by id desc`,
  );
  assert.equal(events.length, 2);
  await assert.rejects(
    refuseUnpublished(base.db, later, { today: TODAY, production: true }),
    refused(/takes effect on 2026-12-26/),
  );
  await refuseUnpublished(base.db, later, { today: '2026-12-26', production: true });
});

test('two processes that publish at once leave one version', async () => {
  const next = await version({ version: '1.2.0', effective: '2027-06-01' });
  const done = await Promise.all([publish(next), publish(next), publish(next)]);
  assert.equal(done.filter(({ isNew }) => isNew).length, 1);
});
