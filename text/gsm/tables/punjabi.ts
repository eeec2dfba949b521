// The Punjabi national language tables (identifier 10), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).

/** Locking shift table, 3GPP TS 23.038 §A.3.10. */
export const PUNJABI_LOCKING: readonly string[] = [
  '0A01 0A02 0A03 0A05 0A06 0A07 0A08 0A09 0A0A .... 000A .... .... 000D .... 0A0F',
  '0A10 .... .... 0A13 0A14 0A15 0A16 0A17 0A18 0A19 0A1A .... 0A1B 0A1C 0A1D 0A1E',
  '0020 0021 0A1F 0A20 0A21 0A22 0A23 0A24 0029 0028 0A25 0A26 002C 0A27 002E 0A28',
  '0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B .... 0A2A 0A2B 003F',
  '0A2C 0A2D 0A2E 0A2F 0A30 .... 0A32 0A33 .... 0A35 0A36 .... 0A38 0A39 0A3C ....',
  '0A3E 0A3F 0A40 0A41 0A42 .... .... .... .... 0A47 0A48 .... .... 0A4B 0A4C 0A4D',
  '0A51 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F',
  '0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 0A70 0A71 0A72 0A73 0A74',
];

/** Single shift table, 3GPP TS 23.038 §A.2.10. */
export const PUNJABI_SINGLE: readonly string[] = [
  '0040 00A3 0024 00A5 00BF 0022 00A4 0025 0026 0027 000C 002A 002B .... 002D 002F',
  '003C 003D 003E 00A1 005E 00A1 005F 0023 002A 0964 0965 .... 0A66 0A67 0A68 0A69',
  '0A6A 0A6B 0A6C 0A6D 0A6E 0A6F 0A59 0A5A 007B 007D 0A5B 0A5C 0A5E 0A75 .... 005C',
  '.... .... .... .... .... .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F',
  '0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A .... .... .... .... ....',
  '.... .... .... .... .... 20AC .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... .... .... .... .... .... .... .... ....',
];
