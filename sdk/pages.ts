// Walking a list to its end, one page in memory at a time.
import type { CallOptions } from './call.ts';

interface Page {
  readonly data: readonly unknown[];
  readonly next_cursor: string | null;
}

interface Query {
  readonly cursor?: string | undefined;
}

type ListCall = (query: never, options?: CallOptions) => Promise<Page>;
type QueryOf<List extends ListCall> = NonNullable<Parameters<List>[0]> & object;
type ItemOf<List extends ListCall> = Awaited<Awaited<ReturnType<List>>['data'][number]>;

/**
 * Every item of a list, in its order, fetching pages as they are needed:
 * `for await (const message of each(client.messages.list, { status: 'delivered' }))`.
 * Throws what the call throws, and RangeError if the platform gives the same cursor twice, which would never end.
 */
export async function* each<List extends ListCall>(
  list: List,
  query: QueryOf<List>,
  options: CallOptions = {},
): AsyncGenerator<ItemOf<List>, void, undefined> {
  // The type of a list is known to its caller only; here it is a function of some query with a cursor.
  const fetchPage = list as unknown as (query: object, options: CallOptions) => Promise<Page>;
  let cursor = (query as Query).cursor;
  for (;;) {
    const page = await fetchPage(cursor === undefined ? query : { ...(query as Query), cursor }, options);
    yield* page.data as ItemOf<List>[];
    if (page.next_cursor === null) return;
    if (page.next_cursor === cursor) throw new RangeError('the list gave the same cursor twice');
    cursor = page.next_cursor;
  }
}
