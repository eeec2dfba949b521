// The peer's configuration: spool store and spool receipts, the most durable it has without a database of its own,
// and otherwise what suits a comparison: the same window, no log of every message, no rate limit.

export interface KannelPorts {
  readonly admin: number;
  readonly smsbox: number;
  readonly sendsms: number;
  readonly smsc: number;
}

export interface KannelSettings {
  readonly ports: KannelPorts;
  /** Submissions open at the SMSC, as on our side. */
  readonly window: number;
}

/** In Kannel's syntax a blank line ends a group. Paths are relative to the folder it is started in. */
export function kannelConfig({ ports, window }: KannelSettings): string {
  const groups = [
    [
      'group = core',
      `admin-port = ${ports.admin}`,
      'admin-interface = "127.0.0.1"',
      'admin-password = bench',
      'status-password = bench',
      'admin-deny-ip = "*.*.*.*"',
      'admin-allow-ip = "127.0.0.1"',
      `smsbox-port = ${ports.smsbox}`,
      'smsbox-interface = "127.0.0.1"',
      'box-deny-ip = "*.*.*.*"',
      'box-allow-ip = "127.0.0.1"',
      'log-file = "./log/bearerbox.log"',
      // Warnings: lower levels write every PDU.
      'log-level = 2',
      // One file a message, written and closed without fsync.
      'store-type = spool',
      'store-location = "./store"',
      'dlr-storage = spool',
      'dlr-spool = "./dlr"',
      'sms-outgoing-queue-limit = 1000000',
      'sms-incoming-queue-limit = -1',
      'smsbox-max-pending = 1000',
      'sms-resend-freq = 1',
      'sms-resend-retry = -1',
    ],
    [
      'group = smsc',
      'smsc = smpp',
      'smsc-id = BENCH',
      'host = 127.0.0.1',
      `port = ${ports.smsc}`,
      'transceiver-mode = true',
      'smsc-username = "kannel"',
      'smsc-password = "kannelpw"',
      'system-type = ""',
      'address-range = ""',
      'interface-version = 34',
      `max-pending-submits = ${window}`,
      'enquire-link-interval = 30',
      'reconnect-delay = 1',
      'wait-ack = 60',
      'wait-ack-expire = 0x01',
      'connection-timeout = 300',
      'source-addr-autodetect = yes',
      'dest-addr-ton = 1',
      'dest-addr-npi = 1',
    ],
    [
      'group = smsbox',
      'smsbox-id = bench',
      'bearerbox-host = 127.0.0.1',
      `sendsms-port = ${ports.sendsms}`,
      'sendsms-interface = "127.0.0.1"',
      'sendsms-chars = "0123456789+- "',
      'global-sender = 12345',
      'log-file = "./log/smsbox.log"',
      'log-level = 2',
      // The answer waits for the store, as ours waits for the commit.
      'immediate-sendsms-reply = false',
      'max-pending-requests = 512',
      'http-request-retry = 5',
      'http-queue-delay = 2',
      'http-timeout = 30',
    ],
    [
      'group = sendsms-user',
      'username = bench',
      'password = bench',
      'user-deny-ip = "*.*.*.*"',
      'user-allow-ip = "127.0.0.1"',
      'default-smsc = BENCH',
      'max-messages = 10',
      'concatenation = true',
    ],
  ];
  return `${groups.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
