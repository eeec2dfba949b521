// The Oriya national language tables (identifier 9), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).

/** Locking shift table, 3GPP TS 23.038 §A.3.9. */
export const ORIYA_LOCKING: readonly string[] = [
  '0B01 0B02 0B03 0B05 0B06 0B07 0B08 0B09 0B0A 0B0B 000A 0B0C .... 000D .... 0B0F',
  '0B10 .... .... 0B13 0B14 0B15 0B16 0B17 0B18 0B19 0B1A .... 0B1B 0B1C 0B1D 0B1E',
  '0020 0021 0B1F 0B20 0B21 0B22 0B23 0B24 0029 0028 0B25 0B26 002C 0B27 002E 0B28',
  '0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B .... 0B2A 0B2B 003F',
  '0B2C 0B2D 0B2E 0B2F 0B30 .... 0B32 0B33 .... 0B35 0B36 0B37 0B38 0B39 0B3C 0B3D',
  '0B3E 0B3F 0B40 0B41 0B42 0B43 0B44 .... .... 0B47 0B48 .... .... 0B4B 0B4C 0B4D',
  '0B56 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F',
  '0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 0B57 0B60 0B61 0B62 0B63',
];

/** Single shift table, 3GPP TS 23.038 §A.2.9. */
export const ORIYA_SINGLE: readonly string[] = [
  '0040 00A3 0024 00A5 00BF 0022 00A4 0025 0026 0027 000C 002A 002B .... 002D 002F',
  '003C 003D 003E 00A1 005E 00A1 005F 0023 002A 0964 0965 .... 0B66 0B67 0B68 0B69',
  '0B6A 0B6B 0B6C 0B6D 0B6E 0B6F 0B5C 0B5D 007B 007D 0B5F 0B70 0B71 .... .... 005C',
  '.... .... .... .... .... .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F',
  '0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A .... .... .... .... ....',
  '.... .... .... .... .... 20AC .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... .... .... .... .... .... .... .... ....',
];
