#!/usr/bin/env node
// Plain JavaScript for whatever Node finds it: the product itself runs on the pinned Node alone.
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 26;

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  process.stderr.write(
    `Refused: this is Node ${process.versions.node}; Sotto runs on Node ${NODE_MAJOR}, which is installed with it.\n` +
      'Ways out:\n  - from the folder of the checkout: npx sotto, or npm start\n',
  );
  process.exit(1);
}
// Compiled code is kept beside what npm installed, which makes a command start twice as fast. Entries name the text
// they were made from, so they cannot go stale; where nothing may be written, there is no cache and no fault.
nodeModule.enableCompileCache(
  fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url)),
);
await import('./cli.ts');
