// Processes that tests start from the checkout share compiled code; a copy of the source would only fill the cache.
import { resolve } from 'node:path';

const CHECKOUT_SERVER = resolve(import.meta.dirname, '..');

/** What a process needs in its environment to share compiled code, when it runs this source. */
export const compiledCode = (source = CHECKOUT_SERVER): Record<string, string> =>
  source === CHECKOUT_SERVER && process.env.NODE_COMPILE_CACHE
    ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
    : {};
