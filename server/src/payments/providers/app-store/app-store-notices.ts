// App Store Server Notifications, version 2 (developer.apple.com/documentation/appstoreservernotifications). A notice and
// the transaction in it are signed each by itself. Which workspace bought is what the app said of it: `appAccountToken`.
import * as z from 'zod';
import { alignedNowMs } from '#platform/clock';
import type { SignedBody } from '#platform/route';
import type { NoticeFault, NoticeReader, NoticeReading, Proof, PurchaseProver } from '../../port.ts';
import { parseJson } from '../parse-json.ts';
import type { Products } from '../worth.ts';
import { factsOfNotice, factsOfTransaction, renewal, transaction } from './app-store-facts.ts';
import { openSigned } from './signed-data.ts';

/**
 * Where purchases are made. What Xcode or local tests sign is proof of nothing: their environments have no name here, and
 * no setting reaches them.
 */
export type AppStoreEnvironment = 'Production' | 'Sandbox';

export interface AppStoreSettings {
  readonly bundleId: string;
  /** Apple's number of the app; it stands in notices of the production environment alone. */
  readonly appAppleId: number | null;
  readonly environment: AppStoreEnvironment;
  /** SHA-256 of the root certificates that are believed, in lower-case hexadecimal. */
  readonly roots: ReadonlySet<string>;
  /** Worth of a product, by its id in the store. */
  readonly products: Products;
}

/** Apple repeats a notice for six and a half days; older is a copy somebody kept. */
const NOTICE_AGE_MS_MAX = 8 * 86_400_000;
/** How far a clock of Apple's may be ahead of ours. */
const AHEAD_MS_MAX = 300_000;

const signed = z.string().min(1).max(200_000);
const word = z.string().min(1).max(180);

const body = z.object({ signedPayload: signed });
const notice = z.object({
  notificationType: word,
  subtype: word.nullish(),
  notificationUUID: word,
  signedDate: z.int(),
  data: z
    .object({
      appAppleId: z.int().nullish(),
      bundleId: word,
      environment: word,
      signedTransactionInfo: signed.nullish(),
      signedRenewalInfo: signed.nullish(),
    })
    .nullish(),
});
type Data = NonNullable<z.output<typeof notice>['data']>;

export const appStoreReader = (settings: AppStoreSettings): NoticeReader & PurchaseProver => ({
  feed: 'app_store',
  read: (octets, nowMs) => readAppStoreNotice(settings, octets, nowMs),
  prove: (signedTransaction) => proveTransaction(settings, signedTransaction, alignedNowMs()),
});

/** Reads a transaction that StoreKit signed and an app handed over. Never throws for what it holds. */
export async function proveTransaction(
  settings: AppStoreSettings,
  signedTransaction: string,
  nowMs: number,
): Promise<Proof> {
  const bought = await openedAs(transaction, signedTransaction, settings);
  if (bought === null || bought === 'signature') return { outcome: 'refused', fault: 'signature' };
  if (typeof bought === 'string') return { outcome: 'refused', fault: bought };
  const fault = faultOf(settings, bought);
  if (fault !== null) return { outcome: 'refused', fault };
  return { outcome: 'proved', facts: factsOfTransaction(settings.products, bought, nowMs) };
}

/** Reads a notice. Never throws for what it holds. */
export async function readAppStoreNotice(
  settings: AppStoreSettings,
  { octets }: SignedBody,
  nowMs: number,
): Promise<NoticeReading> {
  const sent = body.safeParse(parseJson(octets));
  if (!sent.success) return refused('malformed');
  const opened = await openSigned(sent.data.signedPayload, settings.roots);
  if (opened === null) return refused('signature');
  const parsed = notice.safeParse(opened);
  if (!parsed.success) return refused('malformed');
  const { notificationType: type, subtype, notificationUUID, signedDate, data } = parsed.data;
  if (nowMs - signedDate > NOTICE_AGE_MS_MAX || signedDate - nowMs > AHEAD_MS_MAX) return refused('stale');
  const read = { outcome: 'read', noticeId: notificationUUID, provider: 'app_store', lookUp: null } as const;
  // Summaries and tokens of purchases elsewhere are about nobody's purchase here.
  if (data == null) return { ...read, facts: [] };
  const fault = faultOf(settings, data) ?? appFault(settings, data);
  if (fault !== null) return refused(fault);
  const bought = await openedAs(transaction, data.signedTransactionInfo, settings);
  const renews = await openedAs(renewal, data.signedRenewalInfo, settings);
  if (typeof bought === 'string') return refused(bought);
  if (typeof renews === 'string') return refused(renews);
  const bundleFault = bought === null ? null : faultOf(settings, bought);
  if (bundleFault !== null) return refused(bundleFault);
  if (bought === null) return { ...read, facts: [] };
  const facts = factsOfNotice(settings.products, { type, subtype: subtype ?? null, bought, renews });
  return { ...read, facts };
}

const refused = (fault: NoticeFault): NoticeReading => ({ outcome: 'refused', fault });

function faultOf(
  settings: AppStoreSettings,
  { bundleId, environment }: { readonly bundleId: string; readonly environment: string },
): NoticeFault | null {
  if (environment !== settings.environment) return 'environment';
  return bundleId === settings.bundleId ? null : 'audience';
}

/** The number of the app stands where money is real. */
const appFault = (settings: AppStoreSettings, { appAppleId }: Data): NoticeFault | null =>
  settings.environment === 'Production' && (appAppleId ?? null) !== settings.appAppleId ? 'audience' : null;

/** A part that is signed by itself; null where there is none, the fault where it is not what it has to be. */
async function openedAs<Part extends { readonly environment: string }>(
  schema: z.ZodType<Part>,
  part: string | null | undefined,
  settings: AppStoreSettings,
): Promise<Part | NoticeFault | null> {
  if (part == null) return null;
  const opened = await openSigned(part, settings.roots);
  if (opened === null) return 'signature';
  const parsed = schema.safeParse(opened);
  if (!parsed.success) return 'malformed';
  return parsed.data.environment === settings.environment ? parsed.data : 'environment';
}
