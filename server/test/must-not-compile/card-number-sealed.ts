// Expected: Type '"user.financial.credit_card"' is not assignable to type 'CategoryAllowedSealed'
import { sealed } from '../../src/privacy/map/tags.ts';

export const tag = sealed({
  category: 'user.financial.credit_card',
  sealedUnder: 'billing',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
