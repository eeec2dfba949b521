// Texts written after the first rules had been frozen, in new wording and on purpose without the usual words. The
// rules did badly on them (text/README.md says how badly), learnt from them, and now have to keep what they learnt: they
// are tuning texts.
import type { Row } from './labelled-text.ts';

export const LATE_TEXTS: readonly Row[] = [
  // English
  ['90417', 'Heya! Punch in 90417 when the app asks. Cheers, Pebble & Co'],
  ['5512', "Your driver Ola is here. Tell her 5512 so she knows it's you."],
  ['HK4TPV', 'Fablewood: HK4TPV is the recovery key you asked for a moment ago.'],
  [null, 'Class moved to room 2114, starts 0915 sharp. Bring 2 copies.'],
  [null, 'Ticket 88213 was closed. Rate us 1 to 5 by replying to this text.'],
  // Arabic
  ['771934', 'منصة ريف: 771934 للمتابعة. صالح لدقيقتين فقط.'],
  ['4086', 'أخبر المندوب بالرقم ٤٠٨٦ عند الاستلام'],
  ['218905', 'من فضلك اكتب 218905 في الخانة المخصصة لإكمال التسجيل'],
  [null, 'تم تحويل 3500 ريال إلى حسابك 20014417 بنجاح'],
  [null, 'موعد صيانة سيارتك لوحة 4471 يوم الأحد الساعة 9'],
  // Spanish
  ['63308', 'Listo, ya casi. Pon 63308 donde dice "número de seguridad".'],
  ['4190', 'Dile al repartidor el 4190 para recoger tu compra.'],
  ['852417', 'SMS de Ribera: 852417 es lo que necesitas para entrar. Dura 10 min.'],
  [null, 'Aviso: corte de agua el 14/12 de 0800 a 1400 en la calle 4417.'],
  [null, 'Has ganado 1500 puntos. Canjéalos antes del 31/12/2026.'],
  // Portuguese
  ['330981', 'Oi! Copia 330981 e cola no site pra continuar.'],
  ['7718', 'Mostre o 7718 na portaria para retirar.'],
  ['526004', 'Foi solicitado um acesso num novo dispositivo. Se reconhece, introduza 526004.'],
  [null, 'PIX recebido: R$ 4500,00 de Maria. Saldo atualizado no app.'],
  [null, 'Sua senha foi alterada em 14/12/2026 às 0915. Não foi você? 0800 000 7000'],
  // French
  ['418077', 'Plus qu’une étape : recopiez 418077 sur la page ouverte.'],
  ['2260', 'Communiquez le 2260 au livreur à son arrivée.'],
  ['905331', 'Votre sésame pour Clairière, c’est le 905-331'],
  [null, 'Coupure d’électricité le 14/12 de 0915 à 1130, secteur 4417.'],
  [null, 'Votre mot de passe a bien été modifié. Dossier 220417.'],
  // German
  ['660218', 'Fast fertig! Bitte 660218 auf der Webseite eintragen.'],
  ['3394', 'Nennen Sie dem Boten die 3394, dann gibt er Ihnen die Ware.'],
  ['115847', 'Neues Gerät erkannt. Falls Sie es sind: 115847. Falls nicht, ignorieren.'],
  [null, 'Ihr Passwort wurde geändert. Vorgangsnummer 220417.'],
  [null, 'Stromabschaltung am 14.12. von 0915 bis 1130 Uhr, Bezirk 4417.'],
  // Italian
  ['740926', 'Manca poco! Copia 740926 nella pagina che hai aperto.'],
  ['8813', 'Al corriere comunica 8813 per ritirare.'],
  ['206651', 'Nuovo dispositivo rilevato. Sei tu? Allora 206651.'],
  [null, 'La tua password è stata cambiata. Pratica 220417.'],
  [null, 'Hai 1500 punti fedeltà, scadono il 31/12/2026.'],
  // Dutch
  ['518840', 'Bijna klaar! Kopieer 518840 naar het scherm.'],
  ['6671', 'Noem 6671 tegen de bezorger.'],
  ['093325', 'Nieuw apparaat. Ben jij dit? Dan is dit je sleutel: 093325'],
  [null, 'Je wachtwoord is gewijzigd op 14-12-2026 om 0915.'],
  [null, 'Je hebt 1500 punten gespaard, geldig tot 31-12-2026.'],
  // Polish
  ['772041', 'Już prawie! Przepisz 772041 na stronę.'],
  ['5590', 'Kurierowi prosimy podać 5590.'],
  ['341186', 'Nowe urządzenie. Jeśli to Ty: 341186, w przeciwnym razie zignoruj.'],
  [null, 'Hasło zostało zmienione dnia 14.12.2026. Sprawa 220417.'],
  [null, 'Masz 1500 punktów ważnych do 31.12.2026.'],
  // Russian
  ['904418', 'Почти готово! Скопируйте 904418 на страницу.'],
  ['7725', 'Назовите курьеру 7725.'],
  ['118603', 'Новое устройство. Это вы? Тогда 118603, иначе не отвечайте.'],
  [null, 'Пароль изменён 14.12.2026. Обращение 220417.'],
  [null, 'У вас 1500 бонусов до 31.12.2026.'],
  // Ukrainian
  ['635527', 'Майже готово! Скопіюйте 635527 на сторінку.'],
  ['8840', 'Назвіть кур’єру 8840.'],
  ['290371', 'Новий пристрій. Це ви? Тоді 290371.'],
  [null, 'Пароль змінено 14.12.2026. Звернення 220417.'],
  [null, 'У вас 1500 бонусів до 31.12.2026.'],
  // Turkish
  ['448290', 'Az kaldı! 448290 sayfaya kopyala.'],
  ['6613', 'Kuryeye 6613 deyin.'],
  ['072254', 'Yeni cihaz. Siz misiniz? O zaman 072254.'],
  [null, 'Parolanız 14.12.2026 tarihinde değişti. Kayıt 220417.'],
  [null, '1500 puanınız var, son gün 31.12.2026.'],
  // Persian
  ['550913', 'تقریبا تمام شد! ۵۵۰۹۱۳ را در صفحه کپی کنید'],
  ['3347', 'به پیک بگویید ۳۳۴۷'],
  ['816620', 'ورود از دستگاه جدید: ۸۱۶۶۲۰'],
  [null, 'رمز شما در تاریخ 1405/09/23 تغییر کرد. پرونده ۲۲۰۴۱۷'],
  [null, '۱۵۰۰ امتیاز دارید'],
  // Hebrew
  ['362208', 'כמעט סיימנו! העתק 362208 לדף'],
  ['9915', 'מסור לשליח 9915'],
  ['447039', 'מכשיר חדש. זה אתה? אז 447039'],
  [null, 'הסיסמה שונתה ב-14/12/2026. פנייה 220417'],
  [null, 'צברת 1500 נקודות עד 31/12/2026'],
  // Hindi
  ['718835', 'बस एक कदम! पेज पर 718835 लिखें'],
  ['2264', 'डिलीवरी वाले को 2264 बताएं'],
  ['590047', 'नया डिवाइस। क्या यह आप हैं? तो 590047'],
  [null, 'आपका पासवर्ड 14/12/2026 को बदला गया। शिकायत 220417'],
  [null, 'आपके पास 1500 अंक हैं'],
  // Indonesian
  ['833470', 'Sedikit lagi! Salin 833470 ke halaman.'],
  ['1196', 'Sebutkan 1196 ke kurir.'],
  ['264418', 'Perangkat baru. Ini Anda? Maka 264418.'],
  [null, 'Kata sandi diubah 14/12/2026. Laporan 220417.'],
  [null, 'Anda punya 1500 poin sampai 31/12/2026.'],
  // Vietnamese
  ['927713', 'Sắp xong! Chép 927713 vào trang.'],
  ['4408', 'Đọc 4408 cho người giao hàng.'],
  ['380562', 'Thiết bị mới. Là bạn? Vậy thì 380562.'],
  [null, 'Mật khẩu đã đổi ngày 14/12/2026. Hồ sơ 220417.'],
  [null, 'Bạn có 1500 điểm đến 31/12/2026.'],
  // Thai
  ['645529', 'อีกนิดเดียว! คัดลอก 645529 ไปวางในหน้าเว็บ'],
  ['7730', 'บอกพนักงานส่งของว่า 7730'],
  ['102984', 'พบอุปกรณ์ใหม่ ใช่คุณไหม ถ้าใช่ 102984'],
  [null, 'เปลี่ยนรหัสผ่านแล้วเมื่อ 14/12/2569 เรื่อง 220417'],
  [null, 'คุณมี 1500 คะแนนถึง 31/12/2569'],
  // Chinese
  ['218866', '马上完成!请把218866复制到网页'],
  ['5093', '请告诉配送员5093'],
  ['774120', '新设备登陆,是您吗?774120'],
  [null, '您的密码已于2026年12月14日修改,工单220417'],
  [null, '您有1500积分,有效期至2026年12月31日'],
  // Japanese
  ['503817', 'あと少し!503817をページに貼り付けてください'],
  ['6642', '配達員に6642とお伝えください'],
  ['927750', '新しい端末です。ご本人なら927750'],
  [null, 'パスワードは2026年12月14日に変更されました。受付220417'],
  [null, '1500ポイントは2026年12月31日まで有効です'],
  // Korean
  ['338054', '거의 다 됐어요! 페이지에 338054 붙여넣기'],
  ['7719', '배달원에게 7719라고 말씀하세요'],
  ['650231', '새 기기입니다. 본인이면 650231'],
  [null, '비밀번호가 2026.12.14 변경되었습니다. 접수 220417'],
  [null, '1500 포인트가 2026.12.31까지 유효합니다'],
];
