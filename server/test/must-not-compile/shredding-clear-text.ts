// Expected: Type '"shred"' is not assignable to type
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.device',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'shred',
});
