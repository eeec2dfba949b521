// Logs: no recipient and no text of the run may stand in what the processes said, whatever befell them (invariant 6).
import { existsSync, readFileSync } from 'node:fs';
import type { ClientLog } from './client-log.ts';
import type { Violation } from './violation.ts';
import { MARKER } from './wanted-messages.ts';

export function checkLeaks(log: ClientLog, files: readonly string[]): Violation[] {
  const secrets = new Set<string>();
  for (const { wanted } of log.outcomes()) {
    secrets.add(wanted.marker);
    secrets.add(wanted.to.slice(1));
  }
  // Candidates are cut out of the log and looked up, so that thousands of secrets cost one pass.
  const candidates = new RegExp(`\\b(?:${MARKER.source}|49151\\d{8})\\b`, 'g');
  const found: Violation[] = [];
  for (const file of files.filter((name) => existsSync(name))) {
    const leaked = new Set(
      [...readFileSync(file, 'utf8').matchAll(candidates)]
        .map(([text]) => text)
        .filter((text) => secrets.has(text)),
    );
    if (leaked.size > 0)
      found.push({
        kind: 'leaked',
        what: `${file} holds ${leaked.size} numbers or texts, the first ${[...leaked][0]}`,
      });
  }
  return found;
}
