// The script that draws the API reference. Its package ships it only through a Fastify plugin, so the plugin is asked
// once, on the first request for it: four megabytes that a process without readers never loads.
import fastify from 'fastify';

const PREFIX = '/docs';

/** The viewer as one script that defines `Scalar`. */
export async function loadReferenceViewer(): Promise<string> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const carrier = fastify({ logger: false });
  try {
    await carrier.register(reference, { routePrefix: PREFIX, configuration: { url: '/openapi.json' } });
    const answer = await carrier.inject({ method: 'GET', url: `${PREFIX}/js/scalar.js` });
    if (answer.statusCode !== 200)
      throw new Error('the package of the viewer no longer serves its script there');
    return answer.body;
  } finally {
    await carrier.close();
  }
}
