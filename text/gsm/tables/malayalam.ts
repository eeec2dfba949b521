// The Malayalam national language tables (identifier 8), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).

/** Locking shift table, 3GPP TS 23.038 §A.3.8. */
export const MALAYALAM_LOCKING: readonly string[] = [
  '.... 0D02 0D03 0D05 0D06 0D07 0D08 0D09 0D0A 0D0B 000A 0D0C .... 000D 0D0E 0D0F',
  '0D10 .... 0D12 0D13 0D14 0D15 0D16 0D17 0D18 0D19 0D1A .... 0D1B 0D1C 0D1D 0D1E',
  '0020 0021 0D1F 0D20 0D21 0D22 0D23 0D24 0029 0028 0D25 0D26 002C 0D27 002E 0D28',
  '0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B .... 0D2A 0D2B 003F',
  '0D2C 0D2D 0D2E 0D2F 0D30 0D31 0D32 0D33 0D34 0D35 0D36 0D37 0D38 0D39 .... 0D3D',
  '0D3E 0D3F 0D40 0D41 0D42 0D43 0D44 .... 0D46 0D47 0D48 .... 0D4A 0D4B 0D4C 0D4D',
  '0D57 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F',
  '0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 0D60 0D61 0D62 0D63 0D79',
];

/** Single shift table, 3GPP TS 23.038 §A.2.8. */
export const MALAYALAM_SINGLE: readonly string[] = [
  '0040 00A3 0024 00A5 00BF 0022 00A4 0025 0026 0027 000C 002A 002B .... 002D 002F',
  '003C 003D 003E 00A1 005E 00A1 005F 0023 002A 0964 0965 .... 0D66 0D67 0D68 0D69',
  '0D6A 0D6B 0D6C 0D6D 0D6E 0D6F 0D70 0D71 007B 007D 0D72 0D73 0D74 0D75 0D7A 005C',
  '0D7B 0D7C 0D7D 0D7E 0D7F .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F',
  '0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A .... .... .... .... ....',
  '.... .... .... .... .... 20AC .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... .... .... .... .... .... .... .... ....',
];
