// Expected: Type '"user.financial.credit_card"' is not assignable to type 'CategoryAllowedInClear'
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.financial.credit_card',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
