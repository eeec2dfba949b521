// Requests as fixed pieces with a number between them: every number has as many digits, so the length of a request
// never changes and making one is joining strings.

export interface RequestSpec {
  /** Everything before the first item: request line, headers, the beginning of the body. */
  readonly before: string;
  /** One message; the destination goes between the pieces. */
  readonly item: readonly string[];
  readonly separator: string;
  readonly after: string;
  /** Messages in one request. */
  readonly items: number;
}

/** 4915120000000 upwards: thirteen digits for ten million messages. Nothing but a simulator ever gets them. */
export const FIRST_NUMBER = 4_915_120_000_000;

/** One request for the messages `from` to `from + items - 1`. */
export function makeRequest(spec: RequestSpec, from: number): string {
  if (spec.items === 1) return spec.before + spec.item.join(String(FIRST_NUMBER + from)) + spec.after;
  const items = Array.from({ length: spec.items }, (_, at) =>
    spec.item.join(String(FIRST_NUMBER + from + at)),
  );
  return spec.before + items.join(spec.separator) + spec.after;
}

/** A POST of JSON whose items are such messages. */
export function postSpec(options: {
  readonly path: string;
  readonly host: string;
  readonly token: string;
  readonly open: string;
  readonly item: readonly string[];
  readonly close: string;
  readonly items: number;
}): RequestSpec {
  const { path, host, token, open, item, close, items } = options;
  const separator = ',';
  const bare: RequestSpec = { before: open, item, separator, after: close, items };
  const length = makeRequest(bare, 0).length;
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${length}`,
  ].join('\r\n');
  return { ...bare, before: `${head}\r\n\r\n${open}` };
}
