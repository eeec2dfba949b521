// What privacy keeps about whom: which workspace is under a legal hold, and which of its days' keys are to die.
import type { DB } from '#platform/tables';
import { type DataMap, steward } from './map/data-map.ts';
import { retentionTables } from './retention/tables.ts';

export const privacy = steward('privacy', { ...retentionTables } as const satisfies DataMap<DB, 'privacy'>);
