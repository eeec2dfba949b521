// Latin letters outside GSM 03.38. Accented ones lose their marks by Unicode decomposition; those that Unicode does
// not decompose are listed here.

const UNDECOMPOSED: ReadonlyMap<string, string> = new Map([
  ['\u0110', 'D'], // Đ
  ['\u0111', 'd'],
  ['\u00d0', 'D'], // Ð
  ['\u00f0', 'd'],
  ['\u0126', 'H'], // Ħ
  ['\u0127', 'h'],
  ['\u0131', 'i'], // dotless i
  ['\u0132', 'IJ'],
  ['\u0133', 'ij'],
  ['\u0141', 'L'], // Ł
  ['\u0142', 'l'],
  ['\u014a', 'NG'], // Ŋ
  ['\u014b', 'ng'],
  ['\u0152', 'OE'],
  ['\u0153', 'oe'],
  ['\u0166', 'T'], // Ŧ
  ['\u0167', 't'],
  ['\u00de', 'TH'], // Þ
  ['\u00fe', 'th'],
  ['\u1e9e', 'SS'], // capital sharp s
  ['\ufb01', 'fi'],
  ['\ufb02', 'fl'],
]);

/**
 * A Latin letter, alone or with combining marks, in letters that `fits` accepts: composed if that fits, else with as
 * many of its marks as fit, else without. Null if it is not Latin or still does not fit.
 */
export function plainLetter(character: string, fits: (text: string) => boolean): string | null {
  const listed = UNDECOMPOSED.get(character);
  if (listed !== undefined) return fits(listed) ? listed : null;
  const pieces = [...character.normalize('NFD')];
  if (!/^[A-Za-z\u00e6\u00c6\u00f8\u00d8\u0131]$/.test(pieces[0] ?? '')) return null;
  for (let length = pieces.length; length >= 1; length--) {
    const composed = pieces.slice(0, length).join('').normalize('NFC');
    if (fits(composed)) return composed;
  }
  const bare = UNDECOMPOSED.get(pieces[0]!);
  return bare !== undefined && fits(bare) ? bare : null;
}
