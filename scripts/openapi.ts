// Writes contract/openapi.json from the operations. With `--check` it writes nothing and fails on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildOpenApi } from '@sotto/contract/openapi';

const file = resolve(import.meta.dirname, '../contract/openapi.json');
const text = `${JSON.stringify(buildOpenApi(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('contract/openapi.json is not what the operations say. Run: npm run openapi');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, text);
  console.log(`contract/openapi.json: ${Object.keys(buildOpenApi().paths as object).length} paths`);
}
