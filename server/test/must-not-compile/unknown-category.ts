// Expected: Type '"user.shoe_size"' is not assignable to type 'CategoryAllowedInClear'
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.shoe_size',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
