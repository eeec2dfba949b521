// How mail comes in: over SMTP where a port is set, for those who want some. Support is who does.
import { addressPrefix } from '#abuse';
import { type InboundAddress, type MailSink, smtpListener } from '#mail';
import type { Config } from '#platform/config';
import type { Component } from '#platform/lifecycle';
import type { Log } from '#platform/log';
import { appendFromMail, type Desk, openFromMail } from '#support';
import type { Ground } from './ground.ts';
import { readTls } from './tls-files.ts';

/** The mailbox of support; the reply token of a ticket stands behind its plus. */
const SUPPORT = 'support';

/** Where a ticket is answered by mail; null where no mail comes in. */
export const replyAddress = (domain: string | undefined, token: string): string | null =>
  domain === undefined ? null : `${SUPPORT}+${token}@${domain}`;

/** Listens where a port is set. Without the feature there is no mailbox, and each mail is refused. */
export function composeInboundMail(
  config: Config,
  { db, keyring }: Pick<Ground, 'db' | 'keyring'>,
  desk: Desk | null,
  log: Log,
): Component[] {
  const { inboundSmtpPort: port, inboundSmtpHost: host, mailDomain } = config;
  if (port === undefined || mailDomain === undefined) return [];
  const listener = smtpListener({
    db,
    keyring,
    log,
    host,
    port,
    name: mailDomain,
    sinks: [supportSink(desk, mailDomain)],
    ours: [`${SUPPORT}@${mailDomain}`, ...(config.mailFrom ? [config.mailFrom.address] : [])],
    prefixOf: addressPrefix,
    ...readTls(config),
  });
  return [
    { name: 'mail listener', start: async () => void (await listener.start()), stop: () => listener.stop() },
  ];
}

/**
 * Mails to support: each opens a case of nobody's, or joins the one whose reply token it was sent to. `desk` is null
 * where the policy has no support.
 */
export const supportSink = (desk: Desk | null, domain: string): MailSink => ({
  takes: (to: InboundAddress) => desk !== null && to.name === SUPPORT && to.domain === domain,
  async take(tx, { id, to, sender, subject, text, attachments }) {
    if (desk === null) return 'later';
    const mail = { mailId: id, text: noted(text, attachments) };
    if (to.tag !== null) {
      const { outcome } = await appendFromMail(tx, desk, { ...mail, replyToken: to.tag });
      // A case that has ended, is full or was never ours: what was written opens a new one.
      if (outcome === 'added' || outcome === 'already') return 'taken';
    }
    const { outcome } = await openFromMail(tx, desk, { ...mail, subject, sender });
    return outcome === 'too_many' ? 'later' : 'taken';
  },
});

/** Before the text, which may be cut. */
const noted = (text: string, attachments: number): string =>
  attachments === 0
    ? text
    : `[${attachments === 1 ? 'One attachment was' : `${attachments} attachments were`} not kept.]\n\n${text}`;
