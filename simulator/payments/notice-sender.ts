// How a fake provider tells what happened: each notice is kept, so that a test can send it again, late or in another
// order, and is given to whoever listens.

/** One notice, as it goes over the wire. */
export interface SentNotice {
  /** What the provider calls it. */
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Takes a notice and answers with an HTTP status. */
export type NoticeListener = (notice: SentNotice) => Promise<number>;

export interface NoticeSender {
  readonly sent: readonly SentNotice[];
  send(notice: SentNotice): Promise<number>;
  /** Who hears of notices from now on; null: nobody, they are only kept. */
  listener: NoticeListener | null;
}

/** Notices kept; a test that makes more has lost its way. */
const NOTICES_MAX = 10_000;

export function noticeSender(): NoticeSender {
  const sent: SentNotice[] = [];
  return {
    sent,
    listener: null,
    async send(notice) {
      if (sent.length < NOTICES_MAX) sent.push(notice);
      return this.listener === null ? 0 : this.listener(notice);
    },
  };
}

/** Sends notices to an address over HTTP. */
export const overHttp =
  (url: string): NoticeListener =>
  async ({ headers, body }) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
