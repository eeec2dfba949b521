import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { newId } from '#platform/ids';
import { useCommandLine } from '../../../test/command-line.ts';

describe('main: retention', () => {
  const cli = useCommandLine();

  interface Report {
    readonly data: readonly { readonly key: string; readonly limit: string; readonly overdue: number }[];
  }

  test('the report has a line for every rule something is kept under, with the limit of the policy', async () => {
    const { data } = await cli.json<Report>(['retention', 'report']);
    assert.deepEqual(
      data
        .filter(({ key }) => ['request', 'ledger', 'message_content'].includes(key))
        .map(({ key, limit }) => [key, limit]),
      [
        ['message_content', 'P3D'],
        ['ledger', 'P72M'],
        ['request', 'P2D'],
      ],
    );
    const shown = await cli.run(['retention', 'report']);
    assert.match(shown.out, /message_content +P3D +delivered/);
  });

  test('a legal hold is placed, listed, and lifted once', async () => {
    const { id: workspace } = await cli.json<{ id: string }>([
      'workspaces',
      'create',
      '--name',
      'Shop',
      '--currency',
      'EUR',
    ]);
    const { id } = await cli.json<{ id: string }>([
      'retention',
      'hold',
      workspace,
      '--reason',
      'court_order',
    ]);
    const { data } = await cli.json<{ data: { id: string; workspace_id: string; reason: string }[] }>([
      'retention',
      'holds',
    ]);
    assert.deepEqual(
      data.map((hold) => [hold.id, hold.workspace_id, hold.reason]),
      [[id, workspace, 'court_order']],
    );
    assert.deepEqual(await cli.json(['retention', 'lift', id]), { lifted: id });
    assert.deepEqual((await cli.json<{ data: unknown[] }>(['retention', 'holds'])).data, []);
    const again = await cli.run(['retention', 'lift', id]);
    assert.equal(again.code, 1);
    assert.match(again.err, /lifted before/);
  });

  test('a workspace that does not exist, a reason in words and an id of another form are refused', async () => {
    const nobody = encodeId('wrk', newId());
    assert.equal((await cli.run(['retention', 'hold', nobody, '--reason', 'court_order'])).code, 1);
    assert.equal((await cli.run(['retention', 'hold', nobody, '--reason', 'He asked.'])).code, 2);
    assert.equal((await cli.run(['retention', 'lift', 'hold-1'])).code, 2);
  });
});
