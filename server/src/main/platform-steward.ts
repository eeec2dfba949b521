// The platform's part of the data map, held against its types here because the platform may not know them.
import { platform as data } from '#platform/steward';
import type { DB } from '#platform/tables';
import { type DataMap, steward } from '#privacy/data-map';

export const platform = steward('platform', data.tables satisfies DataMap<DB, 'platform'>);
