// Where links and mail addresses stand in a text: numbers inside them are never codes.

/** Blanks links and addresses out of a folded text, position for position. Linear. */
export function blankLinks(folded: string): string {
  let blanked = '';
  let kept = 0;
  for (let at = 0; at < folded.length; ) {
    if (!isLinkUnit(folded.charCodeAt(at))) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < folded.length && isLinkUnit(folded.charCodeAt(end))) end++;
    const link = linkStart(folded.slice(at, end));
    if (link >= 0) {
      blanked += folded.slice(kept, at + link) + ' '.repeat(end - at - link);
      kept = end;
    }
    at = end;
  }
  return kept === 0 ? folded : blanked + folded.slice(kept);
}

/** Printable ASCII without the characters that wrap links in prose. */
function isLinkUnit(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f && !'"<>()[]{}|\\^`'.includes(String.fromCharCode(unit));
}

/** Where in a run of ASCII a link begins; -1 if it holds none. */
function linkStart(run: string): number {
  const scheme = run.indexOf('://');
  if (scheme >= 0) {
    let start = scheme;
    while (start > 0 && /[a-z]/.test(run[start - 1]!)) start--;
    return start;
  }
  if (run.startsWith('www.')) return 0;
  // A host: a label with a letter, a dot, letters; then a path, or the end of the run. `123456.do` is not one.
  const dot = run.indexOf('.');
  if (dot <= 0) return -1;
  const slash = run.indexOf('/');
  const host = slash < 0 ? run : run.slice(0, slash);
  const labels = host.slice(host.lastIndexOf('@') + 1).split('.');
  const top = labels.at(-1)!.replace(/[,;:!?]+$/, '');
  const isHost = labels.length >= 2 && /^[a-z]{2,24}$/.test(top) && /[a-z]/.test(labels.at(-2)!);
  if (!isHost) return -1;
  return slash >= 0 || host.includes('@') || labels.length >= 2 ? 0 : -1;
}
