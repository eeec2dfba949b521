// Expected: Type '"acceptance"' is not assignable to type 'LegalBasis'
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.device',
  purposes: ['billing'],
  basis: 'acceptance',
  retention: 'ledger',
  dispose: 'erase',
});
