// Expected: notes.note.detail.device is user.device: a table about 'nobody' cannot hold it
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import type { Json } from '../../src/privacy/map/domains.ts';
import { clear, closedJson, operations } from '../../src/privacy/map/tags.ts';

interface Notes {
  'notes.note': { id: string; detail: Json };
}

const device = clear({
  category: 'user.device',
  purposes: ['security'],
  basis: 'contract',
  retention: 'session',
  dispose: 'erase',
});

export const notes = steward('notes', {
  note: { about: 'nobody', columns: { id: operations, detail: closedJson({ device }) } },
} as const satisfies DataMap<Notes, 'notes'>);
