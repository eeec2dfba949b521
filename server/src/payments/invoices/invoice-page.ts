// An invoice as a page that prints: one document without scripts, and nothing that loads. A seller in Saudi Arabia has
// both languages side by side, and the QR code of a simplified tax invoice under them.
import { createHash } from 'node:crypto';
import type { Invoice } from '@sotto/contract/invoices';
import { svgOf, tlvOf } from './qr-code.ts';

type Words = Readonly<Record<'en' | 'ar', string>>;

const WORDS = {
  taxInvoice: { en: 'Tax invoice', ar: 'فاتورة ضريبية' },
  simplified: { en: 'Simplified tax invoice', ar: 'فاتورة ضريبية مبسطة' },
  plain: { en: 'Invoice', ar: 'فاتورة' },
  creditNote: { en: 'Credit note', ar: 'إشعار دائن' },
  number: { en: 'Number', ar: 'الرقم' },
  issued: { en: 'Issued (UTC)', ar: 'تاريخ ووقت الإصدار (التوقيت العالمي)' },
  supplied: { en: 'Supplied on', ar: 'تاريخ التوريد' },
  corrects: { en: 'Corrects the invoice', ar: 'يصحّح الفاتورة' },
  seller: { en: 'Seller', ar: 'البائع' },
  buyer: { en: 'Buyer', ar: 'المشتري' },
  name: { en: 'Name', ar: 'الاسم' },
  address: { en: 'Address', ar: 'العنوان' },
  taxId: { en: 'VAT number', ar: 'رقم التسجيل الضريبي' },
  item: { en: 'Description', ar: 'الوصف' },
  balance: { en: 'Balance for messages, prepaid', ar: 'رصيد رسائل مدفوع مسبقًا' },
  quantity: { en: 'Quantity', ar: 'الكمية' },
  taxable: { en: 'Taxable amount', ar: 'المبلغ الخاضع للضريبة' },
  rate: { en: 'Tax rate', ar: 'نسبة الضريبة' },
  tax: { en: 'Tax', ar: 'الضريبة' },
  total: { en: 'Total with tax', ar: 'الإجمالي شامل الضريبة' },
  reverse: {
    en: 'Reverse charge: the buyer owes the tax.',
    ar: 'احتساب عكسي: الضريبة مستحقة على المشتري.',
  },
  qr: { en: 'QR code of the tax authority', ar: 'رمز الاستجابة السريعة للهيئة' },
} as const satisfies Readonly<Record<string, Words>>;

const STYLE = `
@page { size: A4; margin: 18mm; }
:root { color-scheme: light; }
body { font: 14px/1.5 system-ui, sans-serif; color: #000; background: #fff; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; display: flex; justify-content: space-between; gap: 1rem; margin: 0 0 1rem; }
h2 { font-size: 1rem; margin: 1.25rem 0 .25rem; display: flex; justify-content: space-between; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; padding: .35rem .5rem; text-align: start; vertical-align: top; }
th { background: #f2f2f2; font-weight: 600; }
svg { margin-top: 1.25rem; }
`;

/** One style of its own, and nothing else: no script, no picture, no form, in no frame. */
export const INVOICE_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** `corrected`: the number of the invoice that a credit note corrects; null where it is kept no longer. Pure. */
export function invoicePage(invoice: Invoice, corrected: string | null): string {
  const saudi = invoice.seller.country === 'SA';
  const label = (words: Words) => (saudi ? `${words.en} / ${inArabic(words.ar)}` : words.en);
  const row = (words: Words, value: string) =>
    `<tr><th scope="row">${words.en}</th><td dir="auto">${escaped(value)}</td>${
      saudi ? `<th scope="row" lang="ar" dir="rtl">${words.ar}</th>` : ''
    }</tr>`;
  const heading = (level: 'h1' | 'h2', words: Words) =>
    `<${level}><span>${words.en}</span>${saudi ? inArabic(words.ar) : ''}</${level}>`;
  const money = ({ amount, currency }: Invoice['total']) => `${amount} ${currency}`;
  const { seller, buyer } = invoice;
  const title = titleOf(invoice);
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.en} ${escaped(invoice.number)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${heading('h1', title)}
<table>
${row(WORDS.number, invoice.number)}
${row(WORDS.issued, invoice.issued_at.slice(0, 19).replace('T', ' '))}
${row(WORDS.supplied, invoice.supplied_at.slice(0, 10))}
${corrected === null ? '' : row(WORDS.corrects, corrected)}
</table>
${heading('h2', WORDS.seller)}
<table>
${row(WORDS.name, seller.name)}
${row(WORDS.address, `${seller.address}, ${seller.country}`)}
${seller.tax_id === null ? '' : row(WORDS.taxId, seller.tax_id)}
</table>
${
  buyer === null
    ? ''
    : `${heading('h2', WORDS.buyer)}
<table>
${row(WORDS.name, buyer.legal_name)}
${row(WORDS.address, `${buyer.address}, ${buyer.country}`)}
${buyer.tax_id === null ? '' : row(WORDS.taxId, buyer.tax_id)}
</table>`
}
<table>
<thead><tr>${[WORDS.item, WORDS.quantity, WORDS.taxable, WORDS.rate, WORDS.tax, WORDS.total]
    .map((words) => `<th scope="col">${label(words)}</th>`)
    .join('')}</tr></thead>
<tbody><tr><td>${label(WORDS.balance)}</td><td>1</td><td>${money(invoice.taxable)}</td><td>${invoice.tax_rate}%</td><td>${money(invoice.tax)}</td><td>${money(invoice.total)}</td></tr></tbody>
</table>
${heading('h2', WORDS.total)}
<table>
${row(WORDS.taxable, money(invoice.taxable))}
${row(WORDS.tax, `${money(invoice.tax)} (${invoice.tax_rate}%)`)}
${row(WORDS.total, money(invoice.total))}
</table>
${invoice.reverse_charge ? `<p>${label(WORDS.reverse)}</p>` : ''}
${saudi && seller.tax_id !== null ? stampOf(invoice, seller.tax_id) : ''}
</main>
</body>
</html>
`;
}

/** A tax invoice names its buyer; without one it is a simplified one, and without a tax number of the seller neither. */
function titleOf({ kind, seller, buyer }: Invoice): Words {
  if (kind === 'credit_note') return WORDS.creditNote;
  if (seller.tax_id === null) return WORDS.plain;
  return buyer === null ? WORDS.simplified : WORDS.taxInvoice;
}

const stampOf = (invoice: Invoice, sellerTaxId: string): string =>
  svgOf(
    tlvOf({
      sellerName: invoice.seller.name,
      sellerTaxId,
      issuedAt: new Date(invoice.issued_at),
      total: invoice.total.amount,
      tax: invoice.tax.amount,
    }),
    WORDS.qr.en,
  );

const inArabic = (text: string) => `<span lang="ar" dir="rtl">${text}</span>`;

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
