// Expected: Argument of type '"detail"' is not assignable to parameter of type 'SelectExpression<ReadableFor<"delivery", "notes"

import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import type { Json } from '../../src/privacy/map/domains.ts';
import { closedJson, operations } from '../../src/privacy/map/tags.ts';
import { readerOver } from '../../src/privacy/reading/reader.ts';
import { owner } from './correct.ts';

interface Notes {
  'notes.note': { id: string; workspace_id: string; detail: Json };
}

const notes = steward('notes', {
  note: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { id: operations, workspace_id: owner, detail: closedJson({ shape: operations, owner }) },
  },
} as const satisfies DataMap<Notes, 'notes'>);

declare const tx: { demandPurpose(purpose: string): void };

export const query = readerOver<Notes>()(notes)(tx, 'delivery').selectFrom('notes.note').select('detail');
