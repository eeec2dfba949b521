// Expected: Type '"user.content.private.otp_code"' is not assignable to type 'CategoryAllowedInIndex'
import { indexed } from '../../src/privacy/map/tags.ts';

export const tag = indexed({
  category: 'user.content.private.otp_code',
  comparesWithin: 'workspace',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
