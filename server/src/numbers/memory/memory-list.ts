// The texts a workspace has in memory, wherever their homes are.
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import type { InboundPage } from '../inbound-list.sql.ts';
import type { InboundMessage } from '../inbound-list.ts';
import { selectHomesOf } from './home.sql.ts';
import type { Home } from './home.ts';
import { type HomeLinks, type MemoryRead, type MemoryText, StaleHome } from './home-port.ts';

export interface MemoryReaderOptions {
  readonly db: Database;
  /** The home of this process; null where it is none. */
  readonly home: Home | null;
  readonly links: HomeLinks;
}

/** Reads a page of a workspace's texts in memory, newest first. */
export type MemoryReader = (workspaceId: string, page: InboundPage) => Promise<InboundMessage[]>;

/**
 * The reader over all homes. Throws `unavailable` when a living home does not answer, for a page without its texts
 * would say that there are none. What it gives is wiped at its home when the grace is over; asking again within it
 * gives the same.
 */
export const createMemoryReader =
  ({ db, home, links }: MemoryReaderOptions): MemoryReader =>
  async (workspaceId, page) => {
    const homes = await db.batch((tx) => selectHomesOf(tx, workspaceId));
    const read: Omit<MemoryRead, 'token'> = {
      workspaceId,
      only: page.only ?? null,
      before: page.before,
      limit: page.limit,
      given: page.given ?? page.limit,
      receivedFrom: page.receivedFrom?.getTime() ?? null,
      receivedBefore: page.receivedBefore?.getTime() ?? null,
    };
    const found = await Promise.all(
      homes.map(async ({ token, address }) => {
        try {
          return await (token === home?.token ? home : links.to(address)).read({ ...read, token });
        } catch (cause) {
          // It has lost its lease since, and its texts with it.
          if (cause instanceof StaleHome) return [];
          throw new AppError('unavailable', {
            detail: 'The process that holds these texts does not answer.',
            retryable: true,
            retryAfterSeconds: 1,
            cause,
          });
        }
      }),
    );
    return found
      .flat()
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, page.limit)
      .map(asMessage);
  };

const asMessage = ({ content, form, receivedAt, ...text }: MemoryText): InboundMessage => ({
  ...text,
  text: form === 'text' ? content.toString() : null,
  octets: form === 'octets' ? content : null,
  receivedAt: new Date(receivedAt),
  retention: 'memory',
});
