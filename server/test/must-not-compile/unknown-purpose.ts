// Expected: Type '"world_domination"' is not assignable to type 'Purpose'
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.device',
  purposes: ['world_domination'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
