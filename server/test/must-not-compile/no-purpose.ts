// Expected: Source has 0 element(s) but target requires 1
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.device',
  purposes: [],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
