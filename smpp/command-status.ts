// The command_status values of SMPP 3.4 §5.1.3 (and the few of 5.0 that are seen in the field), each with what a
// sender should do about it. Vendors use 0x0400-0x04FF and more as they like: those are classed as unknown here and
// belong in a table per connector.

/**
 * What a status asks of the sender of the request:
 * - `ok` accepted;
 * - `throttle` slow the whole connector down, then send again;
 * - `temporary` this message may be sent again later;
 * - `permanent` this message will never be accepted as it is;
 * - `bind` the session or the credentials are wrong, not the message;
 * - `unknown` not in the table: the connector's own table decides.
 */
export type StatusClass = 'ok' | 'throttle' | 'temporary' | 'permanent' | 'bind' | 'unknown';

interface StatusEntry {
  readonly code: number;
  readonly class: StatusClass;
  readonly meaning: string;
}

const entry = (code: number, kind: StatusClass, meaning: string): StatusEntry => ({
  code,
  class: kind,
  meaning,
});

const TABLE = {
  ROK: entry(0x00, 'ok', 'no error'),
  RINVMSGLEN: entry(0x01, 'permanent', 'message length is invalid'),
  RINVCMDLEN: entry(0x02, 'permanent', 'command length is invalid'),
  RINVCMDID: entry(0x03, 'permanent', 'invalid command id'),
  RINVBNDSTS: entry(0x04, 'bind', 'incorrect bind status for the given command'),
  RALYBND: entry(0x05, 'bind', 'already in bound state'),
  RINVPRTFLG: entry(0x06, 'permanent', 'invalid priority flag'),
  RINVREGDLVFLG: entry(0x07, 'permanent', 'invalid registered delivery flag'),
  RSYSERR: entry(0x08, 'temporary', 'system error'),
  RINVSRCADR: entry(0x0a, 'permanent', 'invalid source address'),
  RINVDSTADR: entry(0x0b, 'permanent', 'invalid destination address'),
  RINVMSGID: entry(0x0c, 'permanent', 'message id is invalid'),
  RBINDFAIL: entry(0x0d, 'bind', 'bind failed'),
  RINVPASWD: entry(0x0e, 'bind', 'invalid password'),
  RINVSYSID: entry(0x0f, 'bind', 'invalid system id'),
  RCANCELFAIL: entry(0x11, 'permanent', 'cancel failed'),
  RREPLACEFAIL: entry(0x13, 'permanent', 'replace failed'),
  RMSGQFUL: entry(0x14, 'throttle', 'message queue full'),
  RINVSERTYP: entry(0x15, 'permanent', 'invalid service type'),
  RINVNUMDESTS: entry(0x33, 'permanent', 'invalid number of destinations'),
  RINVDLNAME: entry(0x34, 'permanent', 'invalid distribution list name'),
  RINVDESTFLAG: entry(0x40, 'permanent', 'invalid destination flag'),
  RINVSUBREP: entry(0x42, 'permanent', 'invalid submit with replace request'),
  RINVESMCLASS: entry(0x43, 'permanent', 'invalid esm_class'),
  RCNTSUBDL: entry(0x44, 'permanent', 'cannot submit to distribution list'),
  RSUBMITFAIL: entry(0x45, 'permanent', 'submit failed'),
  RINVSRCTON: entry(0x48, 'permanent', 'invalid source type of number'),
  RINVSRCNPI: entry(0x49, 'permanent', 'invalid source numbering plan'),
  RINVDSTTON: entry(0x50, 'permanent', 'invalid destination type of number'),
  RINVDSTNPI: entry(0x51, 'permanent', 'invalid destination numbering plan'),
  RINVSYSTYP: entry(0x53, 'bind', 'invalid system type'),
  RINVREPFLAG: entry(0x54, 'permanent', 'invalid replace_if_present flag'),
  RINVNUMMSGS: entry(0x55, 'permanent', 'invalid number of messages'),
  RTHROTTLED: entry(0x58, 'throttle', 'throttling error'),
  RINVSCHED: entry(0x61, 'permanent', 'invalid scheduled delivery time'),
  RINVEXPIRY: entry(0x62, 'permanent', 'invalid validity period'),
  RINVDFTMSGID: entry(0x63, 'permanent', 'predefined message invalid or not found'),
  RX_T_APPN: entry(0x64, 'temporary', 'receiver temporary application error'),
  RX_P_APPN: entry(0x65, 'permanent', 'receiver permanent application error'),
  RX_R_APPN: entry(0x66, 'permanent', 'receiver rejected the message'),
  RQUERYFAIL: entry(0x67, 'permanent', 'query failed'),
  RINVOPTPARSTREAM: entry(0xc0, 'permanent', 'error in the optional part of the PDU body'),
  ROPTPARNOTALLWD: entry(0xc1, 'permanent', 'optional parameter not allowed'),
  RINVPARLEN: entry(0xc2, 'permanent', 'invalid parameter length'),
  RMISSINGOPTPARAM: entry(0xc3, 'permanent', 'expected optional parameter missing'),
  RINVOPTPARAMVAL: entry(0xc4, 'permanent', 'invalid optional parameter value'),
  RDELIVERYFAILURE: entry(0xfe, 'permanent', 'delivery failure'),
  RUNKNOWNERR: entry(0xff, 'temporary', 'unknown error'),
  RSERTYPUNAUTH: entry(0x100, 'permanent', 'not authorised to use the service type'),
  RPROHIBITED: entry(0x101, 'permanent', 'prohibited from using the operation'),
  RSERTYPUNAVAIL: entry(0x102, 'temporary', 'service type unavailable'),
  RSERTYPDENIED: entry(0x103, 'permanent', 'service type denied'),
} as const satisfies Record<string, StatusEntry>;

export type StatusName = keyof typeof TABLE;

/** Every status by its name without the `ESME_` prefix: `STATUS.RTHROTTLED === 0x58`. */
export const STATUS = Object.fromEntries(Object.entries(TABLE).map(([name, { code }]) => [name, code])) as {
  readonly [N in StatusName]: (typeof TABLE)[N]['code'];
};

const BY_CODE = new Map<number, { readonly name: string; readonly entry: StatusEntry }>(
  Object.entries(TABLE).map(([name, value]) => [value.code, { name, entry: value }]),
);

/** `ESME_RTHROTTLED` for 0x58; an unlisted code reads as `0x00000401`. */
export function statusName(code: number): string {
  const known = BY_CODE.get(code);
  return known ? `ESME_${known.name}` : `0x${code.toString(16).padStart(8, '0')}`;
}

/** The sentence of the standard for a code, for people. */
export function statusMeaning(code: number): string {
  return BY_CODE.get(code)?.entry.meaning ?? 'a code outside SMPP 3.4';
}

/** What the code asks of the sender; `unknown` where the standard says nothing. */
export function statusClass(code: number): StatusClass {
  return BY_CODE.get(code)?.entry.class ?? 'unknown';
}
