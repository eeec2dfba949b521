import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinStewards } from '../map/complete-map.ts';
import type { AnyTable } from '../map/data-map.ts';
import { unreachableSubjects, waysToSubjects } from './subject-paths.ts';

const mapOf = (tables: Record<string, AnyTable['about']>) =>
  joinStewards([
    {
      schema: 'x',
      tables: Object.fromEntries(
        Object.entries(tables).map(([name, about]) => [name, { about, columns: {} }]),
      ),
    },
  ]);

test('ways lead through other tables to everybody a row is about, the shortest first', () => {
  const map = mapOf({
    message: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'recipient_index', leadsTo: 'recipient' },
    ],
    part: [{ column: 'message_id', leadsTo: 'x.message' }],
    receipt: [
      { column: 'part_id', leadsTo: 'x.part' },
      { column: 'staff_id', leadsTo: 'staff' },
    ],
    queue: 'nobody',
  });
  assert.deepEqual(waysToSubjects(map, 'x.receipt'), [
    { subject: 'staff', columns: ['x.receipt.staff_id'] },
    { subject: 'workspace', columns: ['x.receipt.part_id', 'x.part.message_id', 'x.message.workspace_id'] },
    {
      subject: 'recipient',
      columns: ['x.receipt.part_id', 'x.part.message_id', 'x.message.recipient_index'],
    },
  ]);
  assert.deepEqual(waysToSubjects(map, 'x.queue'), []);
  assert.deepEqual(unreachableSubjects(map), []);
});

test('a path to nobody, to no table or in a circle is found', () => {
  const map = mapOf({
    queue: 'nobody',
    note: [{ column: 'queue_id', leadsTo: 'x.queue' }],
    lost: [{ column: 'ghost_id', leadsTo: 'x.ghost' }],
    hen: [{ column: 'egg_id', leadsTo: 'x.egg' }],
    egg: [{ column: 'hen_id', leadsTo: 'x.hen' }],
  });
  assert.deepEqual(unreachableSubjects(map), [
    'x.egg is about somebody and no path ends at anybody',
    'x.hen is about somebody and no path ends at anybody',
    'x.lost is about somebody and no path ends at anybody',
    'x.lost.ghost_id leads to x.ghost, which is in no steward',
    'x.note is about somebody and no path ends at anybody',
    'x.note.queue_id leads to x.queue, which is about nobody',
  ]);
});
