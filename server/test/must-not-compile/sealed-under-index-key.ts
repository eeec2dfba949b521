// Expected: Type '"index"' is not assignable to type 'SealingClass'
import { sealed } from '../../src/privacy/map/tags.ts';

export const tag = sealed({
  category: 'user.name',
  sealedUnder: 'index',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
