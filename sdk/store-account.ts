// Whose a purchase in an app store is: what an app gives to the store along with it, so that the store's notice finds the
// workspace.
import { decodeId } from '@sotto/contract';

export interface StoreAccount {
  /** For `appAccountToken` of StoreKit: the UUID that the workspace's id holds. */
  readonly appAccountToken: string;
  /** For `setObfuscatedAccountId` of Google Play's billing: the id as it is. */
  readonly obfuscatedAccountId: string;
}

/** What stores are told of a workspace, by its id (`wrk_...`). Throws TypeError on a text that is no such id. */
export function storeAccountOf(workspaceId: string): StoreAccount {
  const appAccountToken = decodeId('wrk', workspaceId);
  if (appAccountToken === null) throw new TypeError('This is no id of a workspace');
  return { appAccountToken, obfuscatedAccountId: workspaceId };
}
