import type { WordList } from './word-lists.ts';

export const TURKISH_WORDS: WordList = {
  code: 'kod$|kodu|kodun|kodunuz|koduyla|kod:|sifre|parola|pin$|tek kullanimlik|dogrulama|*kodunuz|aktivasyon',
  action:
    'kopyala|yapistir|deyin|soyleyin|gosterin|yeni cihaz|siz misiniz|siz iseniz|gir$|girin|giriniz|yaz$|yazin|onayla|dogrula|giris|girisi|kayit|etkinlestir|yenile|kullan|tamamla',
  secrecy: 'kimseyle|kimseye|paylasma|soylemeyin|asla|gizli',
  promotion: 'indirim|kupon|promosyon|kampanya|hediye kodu',
  label:
    'kayit no|basvuru|dosya|talep no|plaka|sube|gise|sokak|dolap|siparis|kargo|hesab|kart|bakiye|fatura|sefer|ucus|tren|kapi|peron|tel:|tel |telefon|arayin|sayac|sozlesme|rezervasyon|sira numara|takip no|abone|musteri no|tutar|oda |ile biten',
  'label-after': 'numarali|no lu|nolu|sefer|ile biten|sayili',
  money: 'tl$|lira|try$|₺',
  measure: 'puan|yuzde|kisi|adet|adim',
  duration: 'dk$|dakika|saat$|gun$|saniye',
  notice: 'degisti|degistirildi|sifirlandi|basariyla|guncellendi|engellendi|gonderildi',
};
