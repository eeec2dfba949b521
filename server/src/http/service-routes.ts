// What stands outside /v1: is the process alive, does its work move, and how the API is described. All public but
// the metrics, which always need a token.
import { operation } from '@sotto/contract';
import { textBody } from '@sotto/contract/bodies';
import openApi from '@sotto/contract/openapi.json' with { type: 'json' };
import {
  getDocs,
  getErrorDocs,
  getLiveness,
  getMetrics,
  getOpenApi,
  getReadiness,
  type Readiness as ReadinessAnswer,
} from '@sotto/contract/service';
import { metricsPage } from '#platform/metrics';
import type { Readiness } from '#platform/readiness';
import { type Route, reads, withHeaders, withStatus } from '#platform/route';
import { ERRORS_PAGE, REFERENCE_PAGE, REFERENCE_SCRIPT, referenceScript } from './pages.ts';
import { loadReferenceViewer } from './reference-viewer.ts';
import { PAGE_CSP } from './security-headers.ts';

export interface ServiceRoutesOptions {
  readonly readiness: Pick<Readiness, 'report'>;
  /** `SOTTO_METRICS_TOKEN`: opens /metrics besides keys with `metrics:read`. */
  readonly metricsToken: string | undefined;
}

/** A part of the page at /docs, not of the API. Its address is not versioned, so it is asked again after a while. */
const getReferenceScript = operation({
  id: 'service.docs_script',
  method: 'GET',
  path: REFERENCE_SCRIPT,
  scope: null,
  summary: 'The script of /docs',
  description: 'Draws the page.',
  purpose: 'service',
  request: {},
  responses: { 200: textBody('text/javascript', 'The script.') },
  errors: [],
  idempotent: true,
});

/** Written once: anybody may ask for it, as often as they like. */
const DOCUMENT = Buffer.from(JSON.stringify(openApi));

const PAGE = { 'content-security-policy': PAGE_CSP };
const SCRIPT = { 'cache-control': 'public, max-age=3600' };

export function serviceRoutes({ readiness, metricsToken }: ServiceRoutesOptions): readonly Route[] {
  let script: Promise<Buffer> | undefined;
  return [
    reads(getLiveness, async () => ({ status: 'ok' as const })),
    reads(getReadiness, async () => {
      const { ready, checks } = await readiness.report();
      const answer: ReadinessAnswer = {
        status: ready ? 'ready' : 'not_ready',
        checks: checks.map(({ name, ok, reason }) => ({ name, ok, detail: reason ?? 'ok' })),
      };
      return ready ? answer : withStatus(503, answer);
    }),
    reads(getOpenApi, async () => withHeaders({}, DOCUMENT)),
    reads(getDocs, async () => withHeaders(PAGE, REFERENCE_PAGE)),
    reads(getReferenceScript, async () => {
      script ??= loadReferenceViewer().then((viewer) => Buffer.from(referenceScript(viewer)));
      // A failure is not kept: the next reader tries again.
      script.catch(() => {
        script = undefined;
      });
      return withHeaders(SCRIPT, await script);
    }),
    reads(getErrorDocs, async () => withHeaders(PAGE, ERRORS_PAGE)),
    {
      ...reads(getMetrics, async () => {
        const { contentType, text } = await metricsPage();
        return withHeaders({ 'content-type': contentType }, text);
      }),
      ...(metricsToken === undefined ? {} : { token: metricsToken }),
    },
  ];
}
