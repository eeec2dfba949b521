// The Telugu national language tables (identifier 12), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).

/** Locking shift table, 3GPP TS 23.038 §A.3.12. */
export const TELUGU_LOCKING: readonly string[] = [
  '0C01 0C02 0C03 0C05 0C06 0C07 0C08 0C09 0C0A 0C0B 000A 0C0C .... 000D 0C0E 0C0F',
  '0C10 .... 0C12 0C13 0C14 0C15 0C16 0C17 0C18 0C19 0C1A .... 0C1B 0C1C 0C1D 0C1E',
  '0020 0021 0C1F 0C20 0C21 0C22 0C23 0C24 0029 0028 0C25 0C26 002C 0C27 002E 0C28',
  '0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B .... 0C2A 0C2B 003F',
  '0C2C 0C2D 0C2E 0C2F 0C30 0C31 0C32 0C33 .... 0C35 0C36 0C37 0C38 0C39 .... 0C3D',
  '0C3E 0C3F 0C40 0C41 0C42 0C43 0C44 .... 0C46 0C47 0C48 .... 0C4A 0C4B 0C4C 0C4D',
  '0C55 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F',
  '0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 0C56 0C60 0C61 0C62 0C63',
];

/** Single shift table, 3GPP TS 23.038 §A.2.12. */
export const TELUGU_SINGLE: readonly string[] = [
  '0040 00A3 0024 00A5 00BF 0022 00A4 0025 0026 0027 000C 002A 002B .... 002D 002F',
  '003C 003D 003E 00A1 005E 00A1 005F 0023 002A .... .... .... 0C66 0C67 0C68 0C69',
  '0C6A 0C6B 0C6C 0C6D 0C6E 0C6F 0C58 0C59 007B 007D 0C78 0C79 0C7A 0C7B 0C7C 005C',
  '0C7D 0C7E 0C7F .... .... .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F',
  '0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A .... .... .... .... ....',
  '.... .... .... .... .... 20AC .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... .... .... .... .... .... .... .... ....',
];
