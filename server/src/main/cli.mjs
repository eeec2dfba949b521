#!/usr/bin/env node
// Plain JavaScript for whatever Node finds it: the product itself runs on the pinned Node alone.
const NODE_MAJOR = 26;

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  process.stderr.write(
    `Refused: this is Node ${process.versions.node}; Sotto runs on Node ${NODE_MAJOR}, which is installed with it.\n` +
      'Ways out:\n  - from the folder of the checkout: npx sotto, or npm start\n',
  );
  process.exit(1);
}
await import('./cli.ts');
