// Words by which somebody asks not to be written to any more. The whole text must be one of them: a text that merely
// has the word in it is an answer for people to read. Carriers and authorities name the English ones (CTIA Messaging
// Principles §5.1.3; 47 CFR 64.1200(a)(10)); the others are what campaigns in those languages ask their readers to send.

const WORDS: ReadonlySet<string> = new Set(
  [
    // English
    ['stop', 'stop all', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'opt out', 'optout'],
    // French, Spanish, Portuguese, Italian
    ['arret', 'arreter', 'desinscription', 'baja', 'alto', 'parar', 'sair', 'remover', 'annulla', 'basta'],
    // German, Dutch, Swedish, Danish, Norwegian, Polish, Turkish
    [
      'stopp',
      'abmelden',
      'abbestellen',
      'afmelden',
      'avsluta',
      'afmeld',
      'avmeld',
      'rezygnuje',
      'ret',
      'iptal',
    ],
    // Russian, Ukrainian, Arabic, Hebrew, Hindi
    [
      'стоп',
      'отписаться',
      'відписатися',
      'قف',
      'توقف',
      'ايقاف',
      'الغاء',
      'الغاء الاشتراك',
      'הסר',
      'רוצה הסרה',
      'रोकें',
    ],
  ].flat(),
);

/** Longer texts are no single word of these, whatever surrounds it. */
const LENGTH_MAX = 64;

/** Whether a text asks to stop, and says nothing else. Case, accents, quotes and punctuation around it do not matter. */
export const asksToStop = (text: string): boolean => text.length <= LENGTH_MAX && WORDS.has(plain(text));

/** Letters without their marks, in lower case, with one space between words; Arabic alefs as the bare one. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0640]/g, '')
    .replace(/[\u0622\u0623\u0625]/g, '\u0627')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
