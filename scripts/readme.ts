// Writes the table of settings into README.md, between its markers, from the settings themselves.
// `--check` compares instead of writing and ends with 1 when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settingsTable } from '../server/src/platform/config.ts';

const BEGIN = '<!-- settings -->';
const END = '<!-- /settings -->';
const file = resolve(import.meta.dirname, '../README.md');

const before = readFileSync(file, 'utf8');
const from = before.indexOf(BEGIN);
const to = before.indexOf(END);
if (from < 0 || to < from) {
  console.error(`README.md has no ${BEGIN} ... ${END}, between which the table of settings belongs.`);
  process.exit(1);
}
const after = `${before.slice(0, from + BEGIN.length)}\n${settingsTable()}${before.slice(to)}`;
if (after !== before) {
  if (process.argv.includes('--check')) {
    console.error(
      'README.md does not show the settings as they are. Run `npm run readme` and commit the result.',
    );
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
  }
}
