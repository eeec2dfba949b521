// How many notices of payments are taken in a second, each credited once: purchases in a store for one workspace, whose
// wallet is the narrowest place there is. Every notice comes twice, the second time as a repetition that credits nothing.
import type { LoadResult } from '../load/closed-loop.ts';
import { startLoadGenerator } from '../load/load-generator.ts';
import { postSpec, type RequestSpec } from '../load/request-spec.ts';
import type { Percentiles } from '../load/samples.ts';
import { type SottoServer, startSotto, workspaceIdOf } from '../process/sotto-server.ts';
import type { Workshop } from '../process/workshop.ts';

export interface NoticesResult {
  /** New notices a second, and how long each took to answer. */
  readonly perSecond: number;
  readonly answer: Percentiles;
  /** Repetitions a second. */
  readonly repeatedPerSecond: number;
  readonly sent: number;
  /** Notices that were credited not at all, or more than once: what the wallet has against what it should have. */
  readonly miscredited: number;
  readonly failed: number;
}

const CONNECTIONS = 16;
const TOKEN = 'bench-plays-the-feed-of-a-store';
const PRODUCT = 'credits_1';
const MICROS = 1_000_000n;

export function measureNotices(
  workshop: Workshop,
  { seconds }: { readonly seconds: number },
): Promise<NoticesResult> {
  return workshop.inFolder(async (folder) => {
    const sotto = await startSotto(workshop.children, {
      root: workshop.root,
      folder,
      settings: {
        SOTTO_REVENUECAT_AUTHORIZATION: `Bearer ${TOKEN}`,
        SOTTO_STORE_PRODUCTS: `${PRODUCT}=1.00 EUR`,
      },
    });
    const load = await startLoadGenerator(workshop.children);
    try {
      const before = await balanceOf(sotto);
      const order = {
        kind: 'closed' as const,
        host: sotto.host,
        port: sotto.port,
        connections: CONNECTIONS,
        request: purchase(sotto),
        durationMs: seconds * 1_000,
        messagesMax: Number.MAX_SAFE_INTEGER,
        acceptedMark: null,
        firstIndex: 0,
      };
      const first = await load.ask(order);
      const again = await load.ask({
        ...order,
        durationMs: REPEAT_LIMIT_MS,
        messagesMax: first.messagesSent,
      });
      const credited = Number(((await balanceOf(sotto)) - before) / MICROS);
      return {
        perSecond: rateOf(first),
        answer: first.latency,
        repeatedPerSecond: rateOf(again),
        sent: first.messagesSent,
        miscredited: Math.abs(first.messagesSent - credited),
        failed: first.messagesSent + again.messagesSent - takenOf(first) - takenOf(again),
      };
    } finally {
      await load.stop();
      await sotto.stop();
    }
  });
}

/** Every one of them is repeated, however long it takes. */
const REPEAT_LIMIT_MS = 600_000;

const takenOf = ({ statuses }: LoadResult): number =>
  Object.entries(statuses).reduce((sum, [status, count]) => sum + (status.startsWith('2') ? count : 0), 0);

const rateOf = (result: LoadResult): number =>
  (takenOf(result) * 1_000) / (result.endedAtMs - result.startedAtMs);

/** One purchase a number, which names notice and transaction. */
const purchase = (sotto: SottoServer): RequestSpec =>
  postSpec({
    path: '/v1/payment-notices/revenuecat',
    host: sotto.host,
    token: TOKEN,
    open: '',
    item: [
      '{"api_version":"1.0","event":{"id":"',
      '","transaction_id":"',
      `","type":"NON_RENEWING_PURCHASE","event_timestamp_ms":${Date.now()},"environment":"PRODUCTION",` +
        `"store":"APP_STORE","app_user_id":"${workspaceIdOf(sotto)}","product_id":"${PRODUCT}"}}`,
    ],
    close: '',
    items: 1,
  });

async function balanceOf({ host, port, apiKey }: SottoServer): Promise<bigint> {
  const answer = await fetch(`http://${host}:${port}/v1/wallet`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const { available } = (await answer.json()) as { available: { amount: string } };
  const [whole = '0', part = ''] = available.amount.split('.');
  return BigInt(whole) * MICROS + BigInt(part.padEnd(6, '0'));
}
