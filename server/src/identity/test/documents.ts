// Files for tests: as small as a document can be, with something planted in their middle.

const PNG_HEAD = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PNG_TAIL = Buffer.from('0000000049454e44ae426082', 'hex');

export const pdfWith = (planted: Buffer): Buffer =>
  Buffer.concat([Buffer.from('%PDF-1.7\n% '), planted, Buffer.from('\n%%EOF\n')]);
export const pngWith = (planted: Buffer): Buffer => Buffer.concat([PNG_HEAD, planted, PNG_TAIL]);
export const jpegWith = (planted: Buffer): Buffer =>
  Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), planted, Buffer.from('ffd9', 'hex')]);
