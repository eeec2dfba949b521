// The Kannada national language tables (identifier 7), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).

/** Locking shift table, 3GPP TS 23.038 §A.3.7. */
export const KANNADA_LOCKING: readonly string[] = [
  '.... 0C82 0C83 0C85 0C86 0C87 0C88 0C89 0C8A 0C8B 000A 0C8C .... 000D 0C8E 0C8F',
  '0C90 .... 0C92 0C93 0C94 0C95 0C96 0C97 0C98 0C99 0C9A .... 0C9B 0C9C 0C9D 0C9E',
  '0020 0021 0C9F 0CA0 0CA1 0CA2 0CA3 0CA4 0029 0028 0CA5 0CA6 002C 0CA7 002E 0CA8',
  '0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B .... 0CAA 0CAB 003F',
  '0CAC 0CAD 0CAE 0CAF 0CB0 0CB1 0CB2 0CB3 .... 0CB5 0CB6 0CB7 0CB8 0CB9 0CBC 0CBD',
  '0CBE 0CBF 0CC0 0CC1 0CC2 0CC3 0CC4 .... 0CC6 0CC7 0CC8 .... 0CCA 0CCB 0CCC 0CCD',
  '0CD5 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F',
  '0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 0CD6 0CE0 0CE1 0CE2 0CE3',
];

/** Single shift table, 3GPP TS 23.038 §A.2.7. */
export const KANNADA_SINGLE: readonly string[] = [
  '0040 00A3 0024 00A5 00BF 0022 00A4 0025 0026 0027 000C 002A 002B .... 002D 002F',
  '003C 003D 003E 00A1 005E 00A1 005F 0023 002A 0964 0965 .... 0CE6 0CE7 0CE8 0CE9',
  '0CEA 0CEB 0CEC 0CED 0CEE 0CEF 0CDE 0CF1 007B 007D 0CF2 .... .... .... .... 005C',
  '.... .... .... .... .... .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F',
  '0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A .... .... .... .... ....',
  '.... .... .... .... .... 20AC .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... .... .... .... .... .... .... .... ....',
];
