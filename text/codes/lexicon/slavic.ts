import type { WordList } from './word-lists.ts';

export const POLISH_WORDS: WordList = {
  code: 'kod |kod:|kod,|kod$|kodu|kodem|kody|haslo|hasla|haslem|pin$|jednorazow|weryfikacyj|autoryzacyj|uwierzytelni|token$',
  action:
    'przepisz|skopiuj|wklej|podac|pokaz|nowe urzadzenie|czy to ty|jesli to ty|wpisz|wprowadz|podaj|uzyj|potwierdz|zaloguj|zalogowac|logowani|aktywacj|aktywuj|ustawic|zresetuj|rejestracj|wymaga podania',
  secrecy: 'nie udostepniaj|nikomu|nigdy|nie podawaj|poufn|nie ujawniaj',
  promotion: 'kod rabat|kodem rabat|kodu rabat|kod promo|kodem promo|rabat|kupon|wyprzedaz|znizk',
  label:
    'sprawy|reklamacj|okienk|oddzial|skrytk|ulic|rejestracyjny|paczk|przesylk|zamowieni|faktur|rachun|kont|kart|pociag|lot |peron|bramk|telefon|tel |tel.|zadzwon|licznik|saldo|stan konta|kwot|numer klienta|rezerwacj|umow|polis|sprawa|zgloszeni|pokoj|kod pocztowy',
  money: 'pln|zl$|zl.|zlot|groszy',
  measure: 'punkt|osob|procent|sztuk|kilometr',
  duration: 'minut|godzin|dni$|sekund',
  notice:
    'zostalo zmienion|zostal zmienion|zostala zmienion|zmieniono|pomyslnie|zostalo zresetowan|zostal zablokowan|zostal wyslan|wyslano',
};

export const RUSSIAN_WORDS: WordList = {
  code: 'код$|кода$|коду$|кодом$|коды$|пароль|пароля|паролем|*пин-код|пин$|подтверждени|верификаци|аутентификаци|одноразов|*отп$|авторизаци',
  action:
    'скопируй|вставьте|назовите|скажите|покажите|предъявите|новое устройство|это вы|введите|ввести|введи|наберите|укажите|используй|подтверд|войти|вход|войдите|регистраци|активаци|сменить пароль|восстановлени|сообщите',
  secrecy:
    'никому|не сообщайте|не говорите|не называйте|не передавайте|не показывайте|никогда|если это не вы',
  promotion: 'промокод|промо-код|купон|скидк|распродаж|акци',
  label:
    'дело |окно|магазин |отделени|улиц|ячейк|автомобил|участ|посылк|заказ|отправлени|счет|карт|баланс|остаток|доступно|логин|поезд|рейс|выход|телефон|тел$|тел.|звоните|позвоните|счетчик|договор|квартир|кабинет |номер брони|бронь|заявк|обращени|трек|полис|лицев|сумм|итого|очеред|талон|индекс',
  money: 'rub$|руб|р$|р.|рубл|тенге|сум$|тыс',
  measure: 'балл|бонус|гб$|мб$|км$|кг$|шт$|процент|человек|шагов',
  duration: 'мин$|минут|час|дней|дня|секунд|сек$',
  notice: 'изменен|был сменен|сброшен|успешно|обновлен|заблокирован|был отправлен|отправили',
};

export const UKRAINIAN_WORDS: WordList = {
  code: 'код$|коду$|кодом$|коди$|пароль|пароля|паролем|пін$|*пін-код|підтверджен|верифікаці|автентифікаці|одноразов|авторизаці',
  action:
    'скопіюй|вставте|назвіть|скажіть|покажіть|новий пристрій|це ви|введіть|ввести|наберіть|вкажіть|скористай|використай|підтверд|увійти|вхід|входу|реєстраці|активаці|змінити пароль|відновлен',
  secrecy: 'нікому|не повідомляйте|не кажіть|не називайте|не передавайте|ніколи|якщо це не ви',
  promotion: 'промокод|купон|знижк|розпродаж|акці',
  label:
    'справа|вікно|відділенн|вулиц|комірк|автомоб|посилк|замовлен|відправлен|рахунк|рахунок|картк|карта|баланс|залишок|доступно|логін|потяг|рейс|вихід|телефон|тел$|тел.|телефонуйте|дзвоніть|лічильник|договір|бронюван|заявк|звернен|поліс|сума|черг|талон|колі',
  money: 'uah|грн|гривень|гривн|тис',
  measure: 'балів|бонус|гб$|мб$|км$|кг$|шт$|відсотк|осіб|кроків',
  duration: 'хв$|хвилин|годин|днів|секунд',
  notice: 'змінено|скинуто|успішно|оновлено|заблоковано|було надіслано|надіслали',
};
