// Expected: Type '"user.content.private.sms_body"' is not assignable to type 'CategoryAllowedInClear'
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.content.private.sms_body',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
