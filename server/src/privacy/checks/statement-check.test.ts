import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinStewards } from '../map/complete-map.ts';
import { clear, closedJson, operations, sealed } from '../map/tags.ts';
import { compareWithCatalog } from './catalog-check.ts';
import type { LiveColumn } from './live-catalog.sql.ts';
import { checkStatementColumns, originsOf } from './statement-check.ts';

const owner = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['service', 'billing'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

const map = joinStewards([
  {
    schema: 'messages',
    tables: {
      message: {
        about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
        columns: {
          id: operations,
          workspace_id: owner,
          body: sealed({
            category: 'user.content.private.sms_body',
            sealedUnder: 'content_outbound',
            purposes: ['delivery'],
            basis: 'contract',
            retention: 'message_content',
            dispose: 'shred',
          }),
          detail: closedJson({ encoding: operations, workspace: owner }),
        },
      },
    },
  },
]);

const column = (
  columnId: number,
  name: string,
  type: string,
  more: Partial<LiveColumn> = {},
): LiveColumn => ({
  tableId: 100,
  columnId,
  table: 'messages.message',
  column: name,
  isPartition: false,
  relation: 'table',
  type,
  ...more,
});

const live = [
  column(1, 'id', 'uuid'),
  column(2, 'workspace_id', 'uuid'),
  column(3, 'body', 'privacy.sealed'),
  column(4, 'detail', 'jsonb'),
  column(2, 'id', 'uuid', { tableId: 101, isPartition: true }),
];
const origins = originsOf(live);
const field = (name: string, tableID: number, columnID: number) => ({ name, tableID, columnID });

test('a map that agrees with the database has no faults', () => {
  assert.deepEqual(compareWithCatalog(map, live), []);
});

test('every kind of drift is one sentence that names the column', () => {
  const drifted: [LiveColumn, string][] = [
    [column(5, 'extra', 'text'), 'messages.message.extra has no tag'],
    [column(1, 'id', 'uuid', { table: 'messages.shadow' }), 'messages.shadow is in no steward'],
    [column(1, 'id', 'uuid', { table: 'people.person' }), 'people.person is in no steward'],
    [column(3, 'body', 'text'), 'messages.message.body is tagged sealed and is of type text'],
    [
      column(3, 'body', 'privacy.blind_index'),
      'messages.message.body is tagged sealed and is of type privacy.blind_index',
    ],
    [
      column(2, 'workspace_id', 'privacy.sealed'),
      'messages.message.workspace_id is tagged clear and is of type privacy.sealed',
    ],
    [column(1, 'id', 'jsonb'), 'messages.message.id is tagged none and is of type jsonb'],
    [
      column(1, 'id', 'uuid', { table: 'messages.all_of_it', relation: 'view' }),
      'messages.all_of_it is a view: its columns escape the data map',
    ],
  ];
  for (const [extra, sentence] of drifted)
    assert.deepEqual(compareWithCatalog(map, [...live, extra]), [sentence]);
  assert.deepEqual(
    compareWithCatalog(
      map,
      live.filter((each) => each.column !== 'body'),
    ),
    ['messages.message.body is tagged and does not exist'],
  );
});

test('a statement sees the columns its purpose allows, and machinery for every purpose', () => {
  const all = [field('id', 100, 1), field('owner', 100, 2), field('body', 100, 3)];
  assert.deepEqual(checkStatementColumns(all.slice(0, 2), map, 'billing', origins).faults, []);
  assert.deepEqual(checkStatementColumns(all, map, 'billing', origins).faults, [
    'body is messages.message.body, which is not for billing',
  ]);
  assert.deepEqual(checkStatementColumns(all, map, 'operations', origins).faults, [
    'owner is messages.message.workspace_id, which is not for operations',
    'body is messages.message.body, which is not for operations',
  ]);
});

test('closed JSON is for a purpose when all its leaves are', () => {
  const detail = [field('detail', 100, 4)];
  assert.deepEqual(checkStatementColumns(detail, map, 'service', origins).faults, []);
  assert.equal(checkStatementColumns(detail, map, 'delivery', origins).faults.length, 1);
});

test('a partition counts as its table, whatever its column numbers are', () => {
  assert.deepEqual(checkStatementColumns([field('id', 101, 2)], map, 'marketing', origins).faults, []);
});

test('an invented purpose, an unknown table and an untagged column are faults; expressions are named', () => {
  assert.deepEqual(checkStatementColumns([], map, 'curiosity', origins).faults, [
    '"curiosity" is no purpose',
  ]);
  assert.deepEqual(checkStatementColumns([], map, 'toString', origins).faults, ['"toString" is no purpose']);
  assert.deepEqual(checkStatementColumns([field('x', 9, 9), field('count', 0, 0)], map, 'service', origins), {
    faults: ['x comes from a table outside the catalog of the product'],
    expressions: ['count'],
  });
  const untagged = originsOf([column(7, 'secret', 'text')]);
  assert.deepEqual(checkStatementColumns([field('x', 100, 7)], map, 'service', untagged).faults, [
    'x is messages.message.secret, which no steward tags',
  ]);
});
