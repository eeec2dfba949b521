// Every optional parameter of SMPP 3.4 §5.3.2 with its tag and value type. Tags that are not listed travel as octets.

/** `flag` has no value: its presence says it all. `octets` bounds are those of the standard. */
export type TlvKind = 'u8' | 'u16' | 'u32' | 'cstring' | 'octets' | 'flag';

interface TlvEntry {
  readonly tag: number;
  readonly kind: TlvKind;
  /** Bounds of the value in octets; a value outside them is read as absent by the typed accessors. */
  readonly min: number;
  readonly max: number;
  /** The standard allows the parameter more than once. */
  readonly repeats?: boolean;
}

const number = <const K extends 'u8' | 'u16' | 'u32'>(tag: number, kind: K, repeats = false) =>
  ({ tag, kind, min: WIDTH[kind], max: WIDTH[kind], repeats }) as const;
const octets = (tag: number, min: number, max: number, repeats = false) =>
  ({ tag, kind: 'octets', min, max, repeats }) as const;
const cstring = (tag: number, max: number) => ({ tag, kind: 'cstring', min: 1, max }) as const;

const WIDTH = { u8: 1, u16: 2, u32: 4 } as const;

export const TLVS = {
  destAddrSubunit: number(0x0005, 'u8'),
  destNetworkType: number(0x0006, 'u8'),
  destBearerType: number(0x0007, 'u8'),
  destTelematicsId: number(0x0008, 'u16'),
  sourceAddrSubunit: number(0x000d, 'u8'),
  sourceNetworkType: number(0x000e, 'u8'),
  sourceBearerType: number(0x000f, 'u8'),
  sourceTelematicsId: number(0x0010, 'u8'),
  qosTimeToLive: number(0x0017, 'u32'),
  payloadType: number(0x0019, 'u8'),
  additionalStatusInfoText: cstring(0x001d, 256),
  receiptedMessageId: cstring(0x001e, 65),
  msMsgWaitFacilities: number(0x0030, 'u8'),
  privacyIndicator: number(0x0201, 'u8'),
  sourceSubaddress: octets(0x0202, 2, 23),
  destSubaddress: octets(0x0203, 2, 23),
  userMessageReference: number(0x0204, 'u16'),
  userResponseCode: number(0x0205, 'u8'),
  sourcePort: number(0x020a, 'u16'),
  destinationPort: number(0x020b, 'u16'),
  sarMsgRefNum: number(0x020c, 'u16'),
  languageIndicator: number(0x020d, 'u8'),
  sarTotalSegments: number(0x020e, 'u8'),
  sarSegmentSeqnum: number(0x020f, 'u8'),
  scInterfaceVersion: number(0x0210, 'u8'),
  callbackNumPresInd: number(0x0302, 'u8', true),
  callbackNumAtag: octets(0x0303, 0, 65, true),
  numberOfMessages: number(0x0304, 'u8'),
  callbackNum: octets(0x0381, 4, 19, true),
  dpfResult: number(0x0420, 'u8'),
  setDpf: number(0x0421, 'u8'),
  msAvailabilityStatus: number(0x0422, 'u8'),
  networkErrorCode: octets(0x0423, 3, 3),
  messagePayload: octets(0x0424, 0, 65_535),
  deliveryFailureReason: number(0x0425, 'u8'),
  moreMessagesToSend: number(0x0426, 'u8'),
  messageState: number(0x0427, 'u8'),
  /** SMPP 5.0 §4.8.4.18: 0-99, how loaded the SMSC is; 5.0 peers send it in responses. */
  congestionState: number(0x0428, 'u8'),
  ussdServiceOp: octets(0x0501, 1, 1),
  displayTime: number(0x1201, 'u8'),
  smsSignal: number(0x1203, 'u16'),
  msValidity: number(0x1204, 'u8'),
  alertOnMessageDelivery: { tag: 0x130c, kind: 'flag', min: 0, max: 0 },
  itsReplyType: number(0x1380, 'u8'),
  itsSessionInfo: octets(0x1383, 2, 2),
} as const satisfies Record<string, TlvEntry>;

export type TlvName = keyof typeof TLVS;

type ValueOf<K> = K extends 'u8' | 'u16' | 'u32'
  ? number
  : K extends 'cstring'
    ? string
    : K extends 'flag'
      ? true
      : Uint8Array;

/** What each parameter holds in this code: numbers, strings without the NUL, octets, or `true` for a flag. */
export type TlvValue<N extends TlvName> = ValueOf<(typeof TLVS)[N]['kind']>;
