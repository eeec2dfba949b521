// The two pages of documentation, served whole from our own origin: the reference of the API, and the errors.

import { errorCatalogue, errorCodes } from '@sotto/contract';
import { deliveryErrors } from '@sotto/contract/delivery-errors';

export const REFERENCE_SCRIPT = '/docs/reference.js';

/** The frame that the reference is drawn into by its script. */
export const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sotto API</title>
</head>
<body>
<noscript>This page needs JavaScript. The description itself is at <a href="/openapi.json">/openapi.json</a>, the errors are at <a href="/docs/errors">/docs/errors</a>.</noscript>
<div id="reference"></div>
<script src="${REFERENCE_SCRIPT}"></script>
</body>
</html>
`;

/** Nothing is fetched from elsewhere: fonts, telemetry, the proxy and the assistant of the viewer stay off. */
const CONFIGURATION = {
  url: '/openapi.json',
  theme: 'default',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  proxyUrl: '',
  documentDownloadType: 'json',
  hiddenClients: false,
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
};

/** What starts the viewer, at the end of its own script, so that the page needs no inline script. */
export const referenceScript = (viewer: string): string =>
  `${viewer}\n;Scalar.createApiReference('#reference', ${JSON.stringify(CONFIGURATION)});\n`;

export const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }
section { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .5rem 0; }
section:target { outline: 2px solid Highlight; outline-offset: .5rem; }
code { font: 0.9em ui-monospace, monospace; }
h2 { font-size: 1.1rem; }
`;

const errorSection = (code: keyof typeof errorCatalogue): string => {
  const { status, title, sentence, wayOut, retryable } = errorCatalogue[code];
  return `<section id="${code}">
<h2>${escaped(title)} <code>${code}</code></h2>
<p>HTTP ${status}. ${escaped(sentence)}</p>
<p><strong>Way out:</strong> ${escaped(wayOut)}${retryable ? ' The same request may succeed later.' : ''}</p>
</section>`;
};

/** One section a code, so that the `type` of every problem leads to its explanation. */
export const ERRORS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors of the Sotto API</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Errors of the Sotto API</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457). Branch on <code>code</code>: codes are never renamed.</p>
${errorCodes.map(errorSection).join('\n')}
<h1 id="delivery-errors">Why a message did not arrive</h1>
<p>These are outcomes of accepted messages, in <code>error.code</code> of the message.</p>
${Object.entries(deliveryErrors)
  .map(
    ([code, sentence]) =>
      `<section id="delivery_${code}"><h2><code>${code}</code></h2><p>${escaped(sentence)}</p></section>`,
  )
  .join('\n')}
</main>
</body>
</html>
`;
