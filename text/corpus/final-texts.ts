// A last look: ordinary texts written after all rules, run once for the README and never used for tuning.
import type { Row } from './labelled-text.ts';

export const FINAL_TEXTS: readonly Row[] = [
  // English
  ['218640', 'Thanks for choosing Marlowe Gym. Your registration code is 218640 and can be used once.'],
  ['9043', 'Brightside Clinic: to view your results, verify with 9043 within the next half hour.'],
  [null, 'Brightside Clinic: your results are in. Visit the portal or phone 0800 555 0133 quoting 774120.'],
  [null, 'Rent of 1450 is due on the 1st. Please pay to account 30018822, sort code 00-11-22.'],
  // Arabic
  ['305577', 'نادي الفروسية: رقم التحقق الخاص بتسجيلك 305577 ولا يستخدم إلا مرة واحدة'],
  ['8812', 'مستشفى الياسمين: للاطلاع على نتائجك استعمل كلمة السر 8812'],
  [null, 'تم إيداع راتبك بقيمة 7500 ريال، الرصيد المتاح 8120 ريال'],
  [null, 'عزيزي المستأجر، الإيجار مستحق يوم 1 من الشهر، رقم العقد 55120'],
  // Spanish
  ['771205', 'Gimnasio Almendro: 771205 es el código para completar tu alta.'],
  ['3306', 'Clínica del Lago. Para ver tus resultados usa la contraseña 3306.'],
  [null, 'Clínica del Lago: sus resultados ya están. Pase por recepción con el volante 884120.'],
  [null, 'Transferencia recibida de 1450 euros. Concepto: alquiler 112026.'],
  // Portuguese
  ['640982', 'Academia Tipuana: seu código de cadastro: 640982. Válido uma única vez.'],
  ['5518', 'Para ver os resultados na Clínica Lagoa, a sua senha de acesso é 5518'],
  [null, 'Clínica Lagoa: exame marcado para 14/12, chegar às 0730, sala 1204.'],
  [null, 'A renda de 1450 euros vence dia 1. Referência multibanco 220 417 883.'],
  // French
  ['905517', 'Salle Noisetier : votre inscription sera active après saisie du code 905517.'],
  ['4471', 'Clinique du Lac. Mot de passe pour consulter vos résultats : 4471'],
  [null, 'Clinique du Lac : vos résultats sont disponibles, présentez le dossier 884120 à l’accueil.'],
  [null, 'Votre loyer de 1450 euros sera prélevé le 1er. Mandat 5512094.'],
  // German
  ['330846', 'Studio Haselnuss: Ihr Registrierungscode ist 330846.'],
  ['7729', 'Seeklinik. Befund online abrufen mit Passwort 7729'],
  [null, 'Seeklinik: Ihr Befund liegt vor. Bitte am Empfang Fallnummer 884120 nennen.'],
  [null, 'Ihre Miete über 1450 Euro wird am 1. abgebucht. Mandatsreferenz 5512094.'],
  // Italian
  ['581134', 'Palestra Nocciolo: codice di iscrizione 581134, utilizzabile una volta sola.'],
  ['6092', 'Clinica del Lago: per leggere il referto la password è 6092'],
  [null, 'Clinica del Lago: il referto è pronto, presentarsi allo sportello 3 con impegnativa 884120.'],
  [null, 'Affitto di 1450 euro in scadenza il 1. Causale 112026.'],
  // Dutch
  ['447301', 'Sportschool Hazelaar: gebruik code 447301 om je inschrijving af te maken.'],
  ['1186', 'Meerkliniek. Wachtwoord voor je uitslag: 1186'],
  [null, 'Meerkliniek: je uitslag is binnen. Meld je bij balie 3 met dossiernummer 884120.'],
  [null, 'De huur van 1450 euro wordt op de 1e afgeschreven. Machtiging 5512094.'],
  // Polish
  ['860425', 'Siłownia Leszczyna: kod rejestracyjny 860425, do jednorazowego użycia.'],
  ['3371', 'Klinika nad Jeziorem. Hasło do wyników badań: 3371'],
  [null, 'Klinika nad Jeziorem: wyniki gotowe, skierowanie 884120 proszę okazać w rejestracji.'],
  [null, 'Czynsz 1450 zł płatny do 1. Tytuł przelewu: lokal 112.'],
  // Russian
  ['517720', 'Фитнес-клуб Орешник: код для завершения регистрации 517720'],
  ['9914', 'Клиника у озера. Пароль для просмотра анализов: 9914'],
  [null, 'Клиника у озера: анализы готовы. Номер направления 884120, регистратура с 8 до 17.'],
  [null, 'Аренда 1450 руб. спишется 1 числа. Лицевой счёт 5512094.'],
  // Ukrainian
  ['264093', 'Фітнес-клуб Ліщина: код для завершення реєстрації 264093'],
  ['7708', 'Клініка біля озера. Пароль для перегляду аналізів: 7708'],
  [null, 'Клініка біля озера: аналізи готові. Номер направлення 884120.'],
  [null, 'Оренда 1450 грн спишеться 1 числа. Особовий рахунок 5512094.'],
  // Turkish
  ['738816', 'Fındık Spor: üyelik doğrulama kodun 738816'],
  ['5540', 'Göl Kliniği. Sonuçlarınızı görmek için şifre: 5540'],
  [null, 'Göl Kliniği: sonuçlarınız hazır, 884120 protokol numarası ile başvurun.'],
  [null, '1450 TL kira ödemeniz ayın 1 inde çekilecektir.'],
  // Persian
  ['692250', 'باشگاه فندق: کد تکمیل عضویت ۶۹۲۲۵۰'],
  ['4417', 'درمانگاه دریاچه. رمز مشاهده نتیجه: 4417'],
  [null, 'درمانگاه دریاچه: نتیجه آماده است. شماره پذیرش ۸۸۴۱۲۰'],
  [null, 'اجاره ۱۴۵۰ هزار تومان اول ماه برداشت می‌شود'],
  // Hebrew
  ['155038', 'מכון אגוז: קוד להשלמת ההרשמה 155038'],
  ['8826', 'מרפאת האגם. הסיסמה לצפייה בתוצאות: 8826'],
  [null, 'מרפאת האגם: התוצאות מוכנות. מספר הפניה 884120'],
  [null, 'שכר דירה 1450 ש"ח ייגבה ב-1 לחודש'],
  // Hindi
  ['470163', 'अखरोट जिम: पंजीकरण पूरा करने का कोड 470163'],
  ['2295', 'झील क्लिनिक। रिपोर्ट देखने का पासवर्ड: 2295'],
  [null, 'झील क्लिनिक: आपकी रिपोर्ट तैयार है। पर्ची संख्या 884120'],
  [null, 'किराया 1450 रुपये 1 तारीख को देय है'],
  // Indonesian
  ['926640', 'Gym Kemiri: kode pendaftaran 926640, hanya sekali pakai.'],
  ['6613', 'Klinik Danau. Kata sandi untuk melihat hasil: 6613'],
  [null, 'Klinik Danau: hasil sudah keluar, tunjukkan nomor rujukan 884120 di loket 3.'],
  [null, 'Sewa Rp1.450.000 jatuh tempo tanggal 1.'],
  // Vietnamese
  ['381172', 'Phòng tập Hạt Dẻ: mã đăng ký 381172, dùng một lần.'],
  ['7047', 'Phòng khám Hồ. Mật khẩu xem kết quả: 7047'],
  [null, 'Phòng khám Hồ: kết quả đã có, số phiếu 884120.'],
  [null, 'Tiền thuê 1.450.000 đồng đến hạn ngày 1.'],
  // Thai
  ['803395', 'ฟิตเนสเกาลัด: รหัสสมัครสมาชิก 803395 ใช้ได้ครั้งเดียว'],
  ['9158', 'คลินิกริมทะเลสาบ รหัสผ่านดูผลตรวจ: 9158'],
  [null, 'คลินิกริมทะเลสาบ ผลตรวจออกแล้ว เลขที่ใบนัด 884120'],
  [null, 'ค่าเช่า 1450 บาท ครบกำหนดวันที่ 1'],
  // Chinese
  ['259914', '【榛子健身】您的注册验证码为259914,仅可使用一次'],
  ['3380', '湖畔诊所:查询结果的密码是3380'],
  [null, '湖畔诊所:报告已出,请凭就诊卡884120到2楼领取'],
  [null, '房租1450元将于1日扣除'],
  // Japanese
  ['714420', 'くるみジム:会員登録の認証コードは714420です'],
  ['5069', '湖クリニック 検査結果を見るためのパスワード:5069'],
  [null, '湖クリニック:検査結果が出ました。診察券番号884120をご用意ください'],
  [null, '家賃1450ドルは1日に引き落とされます'],
  // Korean
  ['639957', '호두짐 회원가입 인증번호는 639957 입니다'],
  ['4028', '호수의원 결과 조회 비밀번호: 4028'],
  [null, '호수의원: 결과가 나왔습니다. 진료번호 884120'],
  [null, '월세 1450달러가 1일에 출금됩니다'],
];
