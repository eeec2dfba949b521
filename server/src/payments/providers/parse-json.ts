// JSON of others: what is none is undefined, and a schema says so.

export function parseJson(octets: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(octets).toString('utf8'));
  } catch {
    return undefined;
  }
}
