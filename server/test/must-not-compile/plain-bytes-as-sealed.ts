// Expected: is not assignable to type 'Sealed'
import type { Sealed } from '../../src/privacy/map/domains.ts';

export const value: Sealed = Buffer.from('not sealed at all');
