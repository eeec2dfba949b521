// Compiles: what is made of many people's data and names none of them has nobody to lead to.
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { clear, operations } from '../../src/privacy/map/tags.ts';

interface Counts {
  'counts.count': { id: string; uses: bigint };
}

const uses = clear({
  category: 'user.telemetry',
  purposes: ['improve'],
  basis: 'legitimate_interest',
  interest: 'knowing what is used',
  retention: 'usage',
  dispose: 'erase',
});

export const counts = steward('counts', {
  count: { about: 'nobody', feature: 'usage_analytics', columns: { id: operations, uses } },
} as const satisfies DataMap<Counts, 'counts'>);
