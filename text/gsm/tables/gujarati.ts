// The Gujarati national language tables (identifier 5), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).

/** Locking shift table, 3GPP TS 23.038 §A.3.5. */
export const GUJARATI_LOCKING: readonly string[] = [
  '0A81 0A82 0A83 0A85 0A86 0A87 0A88 0A89 0A8A 0A8B 000A 0A8C 0A8D 000D .... 0A8F',
  '0A90 0A91 .... 0A93 0A94 0A95 0A96 0A97 0A98 0A99 0A9A .... 0A9B 0A9C 0A9D 0A9E',
  '0020 0021 0A9F 0AA0 0AA1 0AA2 0AA3 0AA4 0029 0028 0AA5 0AA6 002C 0AA7 002E 0AA8',
  '0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B .... 0AAA 0AAB 003F',
  '0AAC 0AAD 0AAE 0AAF 0AB0 .... 0AB2 0AB3 .... 0AB5 0AB6 0AB7 0AB8 0AB9 0ABC 0ABD',
  '0ABE 0ABF 0AC0 0AC1 0AC2 0AC3 0AC4 0AC5 .... 0AC7 0AC8 0AC9 .... 0ACB 0ACC 0ACD',
  '0AD0 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F',
  '0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 0AE0 0AE1 0AE2 0AE3 0AF1',
];

/** Single shift table, 3GPP TS 23.038 §A.2.5. */
export const GUJARATI_SINGLE: readonly string[] = [
  '0040 00A3 0024 00A5 00BF 0022 00A4 0025 0026 0027 000C 002A 002B .... 002D 002F',
  '003C 003D 003E 00A1 005E 00A1 005F 0023 002A 0964 0965 .... 0AE6 0AE7 0AE8 0AE9',
  '0AEA 0AEB 0AEC 0AED 0AEE 0AEF .... .... 007B 007D .... .... .... .... .... 005C',
  '.... .... .... .... .... .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F',
  '0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A .... .... .... .... ....',
  '.... .... .... .... .... 20AC .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... .... .... .... .... .... .... .... ....',
];
