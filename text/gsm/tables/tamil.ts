// The Tamil national language tables (identifier 11), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).

/** Locking shift table, 3GPP TS 23.038 §A.3.11. */
export const TAMIL_LOCKING: readonly string[] = [
  '.... 0B82 0B83 0B85 0B86 0B87 0B88 0B89 0B8A .... 000A .... .... 000D 0B8E 0B8F',
  '0B90 .... 0B92 0B93 0B94 0B95 .... .... .... 0B99 0B9A .... .... 0B9C .... 0B9E',
  '0020 0021 0B9F .... .... .... 0BA3 0BA4 0029 0028 .... .... 002C .... 002E 0BA8',
  '0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B 0BA9 0BAA .... 003F',
  '.... .... 0BAE 0BAF 0BB0 0BB1 0BB2 0BB3 0BB4 0BB5 0BB6 0BB7 0BB8 0BB9 .... ....',
  '0BBE 0BBF 0BC0 0BC1 0BC2 .... .... .... 0BC6 0BC7 0BC8 .... 0BCA 0BCB 0BCC 0BCD',
  '0BD0 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F',
  '0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 0BD7 0BF0 0BF1 0BF2 0BF9',
];

/** Single shift table, 3GPP TS 23.038 §A.2.11. */
export const TAMIL_SINGLE: readonly string[] = [
  '0040 00A3 0024 00A5 00BF 0022 00A4 0025 0026 0027 000C 002A 002B .... 002D 002F',
  '003C 003D 003E 00A1 005E 00A1 005F 0023 002A 0964 0965 .... 0BE6 0BE7 0BE8 0BE9',
  '0BEA 0BEB 0BEC 0BED 0BEE 0BEF 0BF3 0BF4 007B 007D 0BF5 0BF6 0BF7 0BF8 0BFA 005C',
  '.... .... .... .... .... .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F',
  '0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A .... .... .... .... ....',
  '.... .... .... .... .... 20AC .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... .... .... .... .... .... .... .... ....',
];
