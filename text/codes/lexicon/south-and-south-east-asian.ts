import type { WordList } from './word-lists.ts';

export const HINDI_WORDS: WordList = {
  code: 'कोड|ओटीपी|पासवर्ड|पासकोड|पिन|सत्यापन|वन टाइम|वन-टाइम|प्रमाणीकरण|otp',
  action:
    'लिखें|कॉपी|पेस्ट|बताएं|दिखाएं|नया डिवाइस|क्या यह आप|दर्ज|डालें|डालकर|भरें|लॉगिन|लॉग इन|पुष्टि|प्रवेश|पंजीकरण|सक्रिय|चालू करने|इस्तेमाल करें',
  secrecy: 'साझा न|न बताएं|ना बताएं|किसी को|गोपनीय|kisi ko|कभी फोन',
  promotion: 'कूपन|छूट|प्रोमो|ऑफर कोड|सेल',
  label:
    'शिकायत|शाखा|कनेक्शन|गली|वाहन|काउंटर|पार्सल|ऑर्डर|खाता|खाते|कार्ड|शेष|बिल|गाड़ी|ट्रेन|उड़ान|प्लेटफॉर्म|कॉल|फोन|मीटर|राशि|बुकिंग|टोकन नंबर|पीएनआर|संदर्भ',
  money: 'रु$|रु.|रुपये|रुपए|रू|₹',
  measure: 'प्रतिशत|अंक|किमी|लोग',
  duration: 'मिनट|घंटे|दिन|सेकंड',
  notice: 'बदला गया|बदल दिया|सफलतापूर्वक|अपडेट किया गया|ब्लॉक|भेजा गया',
};

export const INDONESIAN_WORDS: WordList = {
  code: 'kode|otp|kata sandi|sandi|password|pin$|verifikasi|sekali pakai|autentikasi|token$',
  action:
    'salin|tempel|sebutkan|tunjukkan|perangkat baru|ini anda|masukkan|ketik|gunakan|pakai|konfirmasi|masuk|login|daftar|pendaftaran|aktifkan|aktivasi|setujui|ganti password|reset',
  secrecy: 'jangan|rahasia|siapa pun|siapapun|tidak pernah|bukan anda',
  promotion: 'kode promo|kode voucher|kode diskon|diskon|kupon|cashback|kode referral',
  label:
    'laporan|pelat|cabang|jalan |loket|loker|tiket|paket|pesanan|rekening|kartu|akun|saldo|tagihan|kereta|penerbangan|jalur|gerbang|telp|telepon|hubungi|antrean|antrian|meteran|faktur|resi|invoice|nomor polisi|kamar|pembelian',
  money: 'rp|rp.|rupiah|idr|ribu|juta',
  measure: 'poin|persen|orang|langkah',
  duration: 'menit|mnt|jam$|hari|detik',
  notice: 'telah diubah|diubah|berhasil|diperbarui|diblokir|telah dikirim',
};

export const VIETNAMESE_WORDS: WordList = {
  code: 'ma xac|ma otp|ma bao mat|ma truy cap|ma dang|ma kich hoat|ma pin|ma:|ma so xac|ma nay|ma do la|ma cua|mat khau|otp|xac minh|xac thuc|pin$',
  action:
    'chep |sao chep|dan vao|doc |dua ra|thiet bi moi|la ban|neu la ban|nhap|dung |su dung|xac nhan|dang nhap|dang ky|kich hoat|dat lai',
  secrecy: 'khong chia se|khong cung cap|tuyet doi|bao mat|khong bao gio|bat ky ai',
  promotion: 'ma giam|ma khuyen mai|ma uu dai|giam gia|khuyen mai|voucher',
  label:
    'ho so|bien so|chi nhanh|duong |quay |tu do|phieu|buu kien|don hang|tai khoan|so tk|so du|hoa don|chuyen bay|tau |goi |lien he|ho tro|hotline|so thu tu|dong ho|hop dong|phong|dien thoai so',
  money: 'vnd|dong$|d$|nghin|trieu',
  measure: 'diem|phan tram|nguoi',
  duration: 'phut|gio$|ngay|giay',
  notice: 'da doi|da thay doi|thanh cong|da cap nhat|bi khoa|da gui',
};

export const THAI_WORDS: WordList = {
  code: 'รหัส|โอทีพี|otp|พาสเวิร์ด|พิน',
  action: 'คัดลอก|วาง|บอกพนักงาน|แสดง|อุปกรณ์ใหม่|ใช่คุณ|กรอก|พิมพ์|ใส่|ยืนยัน|เข้าสู่ระบบ|เข้าสู่บัญชี|ล็อกอิน|สมัคร|เปิดใช้|ตั้งรหัส',
  secrecy: 'ห้ามบอก|อย่าให้|ห้ามเปิดเผย|ห้ามแชร์|ไม่เคยขอ|ผู้อื่น',
  promotion: 'โค้ดส่วนลด|ส่วนลด|คูปอง|โปรโมชั่น|โปรโมโค้ด|ลดราคา',
  label:
    'เรื่อง|ทะเบียน|สาขา|ถนน|ช่อง|ตู้|พัสดุ|คำสั่งซื้อ|บัญชี|บัตร|ยอด|คงเหลือ|เที่ยวบิน|ขบวน|ประตู|โทร|สอบถาม|คิว|มิเตอร์|ใบแจ้งหนี้|เลขที่|ห้อง|อ้างอิง',
  money: 'บาท|฿',
  measure: 'คะแนน|แต้ม|เปอร์เซ็นต์|คน$',
  duration: 'นาที|ชั่วโมง|ชม|วินาที',
  notice: 'เปลี่ยนรหัสผ่านแล้ว|ถูกเปลี่ยน|สำเร็จ|อัปเดตแล้ว|ถูกระงับ|ส่งแล้ว',
};
