// Google Play: notices that name purchases, and the Android Publisher API, where they are read and confirmed. Its
// addresses carry the token of a purchase, because Google has no other place for it; nothing here logs an address.
import { alignedNowMs } from '#platform/clock';
import type { Egress, EgressRequest } from '#privacy/egress';
import type { Confirmation, Store } from '../../port.ts';
import { parseJson } from '../parse-json.ts';
import type { Products } from '../worth.ts';
import { googleKeys } from './google-keys.ts';
import { accessTokens, type ServiceAccount } from './google-token.ts';
import { factsOfProduct, factsOfRefund, productPurchase } from './play-products.ts';
import { type PushSettings, readNamed, readPush } from './play-push.ts';
import { factsOfSubscription, subscriptionPurchase } from './play-subscriptions.ts';

export const PLAY_API_ORIGIN = 'https://androidpublisher.googleapis.com';

export interface PlayStoreSettings extends PushSettings {
  readonly serviceAccount: ServiceAccount;
  /** Worth of a product, by its id in the store. */
  readonly products: Products;
  /** Whether purchases of testers, which cost nothing, are ignored. */
  readonly live: boolean;
  readonly keysUrl: string;
  readonly tokenUrl: string;
  readonly apiOrigin: string;
}

/** Fields of all requests, as the recipient declares them. */
export const PLAY_STORE_FIELDS = ['grant_type', 'assertion'] as const;
export const PLAY_STORE_HEADERS = ['authorization'] as const;

interface Answered {
  /** Zero when nobody answered. */
  readonly status: number;
  readonly body: unknown;
}

const NOBODY: Answered = { status: 0, body: undefined };
const UNKNOWN = { outcome: 'unknown' } as const;
const NOTHING = { outcome: 'found', facts: [] } as const;

export function playStore(egress: Egress, settings: PlayStoreSettings): Store {
  const { products, live, packageName, apiOrigin } = settings;
  const keys = googleKeys(egress, settings.keysUrl);
  const tokens = accessTokens(egress, settings.serviceAccount, settings.tokenUrl);
  const purchases = `${apiOrigin}/androidpublisher/v3/applications/${encodeURIComponent(packageName)}/purchases`;

  async function send(path: string, method: 'GET' | 'POST'): Promise<Answered> {
    const token = await tokens.get();
    if (token === null) return NOBODY;
    const request: EgressRequest = {
      url: `${purchases}${path}`,
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(method === 'POST' ? { body: { json: {} } } : {}),
    };
    const answer = await egress.send('app_stores', request);
    if (answer.outcome !== 'answered') return NOBODY;
    if (answer.status === 401) tokens.forget(token);
    return { status: answer.status, body: parseJson(answer.body) };
  }

  /** Once more with a fresh token where one was refused before its time. */
  async function call(path: string, method: 'GET' | 'POST'): Promise<Answered> {
    const answer = await send(path, method);
    return answer.status === 401 ? send(path, method) : answer;
  }

  return {
    feed: 'play_store',
    read: (notice, nowMs) => readPush(settings, keys, notice, nowMs),
    async find(named) {
      const { kind, token } = readNamed(named);
      const resource = kind === 'subscription' ? 'subscriptionsv2' : 'productsv2';
      const asOfMs = alignedNowMs();
      const { status, body } = await call(`/${resource}/tokens/${encodeURIComponent(token)}`, 'GET');
      if (isGone(status)) return NOTHING;
      if (status !== 200) return UNKNOWN;
      if (kind === 'subscription') {
        const read = subscriptionPurchase.safeParse(body);
        if (!read.success) return UNKNOWN;
        if (live && read.data.testPurchase != null) return { outcome: 'test' };
        return { outcome: 'found', facts: factsOfSubscription(products, read.data, token, asOfMs) };
      }
      const read = productPurchase.safeParse(body);
      if (!read.success) return UNKNOWN;
      if (live && read.data.testPurchaseContext != null) return { outcome: 'test' };
      const facts =
        kind === 'product' ? factsOfProduct(products, read.data, token) : factsOfRefund(products, read.data);
      return { outcome: 'found', facts };
    },
    async prove(named) {
      const found = await this.find(named);
      return found.outcome === 'found' ? { outcome: 'proved', facts: found.facts } : found;
    },
    async confirm(confirmation) {
      const { status } = await call(pathOf(confirmation), 'POST');
      if (status === 200 || status === 204) return { outcome: 'confirmed' };
      return isGone(status) ? { outcome: 'refused' } : UNKNOWN;
    },
  };
}

/** The store knows no such purchase, or knows it no more. */
const isGone = (status: number): boolean => status === 400 || status === 404 || status === 410;

function pathOf({ act, productId, token }: Confirmation): string {
  const resource = act === 'acknowledge_subscription' ? 'subscriptions' : 'products';
  const verb = act === 'consume' ? 'consume' : 'acknowledge';
  return `/${resource}/${encodeURIComponent(productId)}/tokens/${encodeURIComponent(token)}:${verb}`;
}
