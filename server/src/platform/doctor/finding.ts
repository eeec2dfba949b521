/** What one check of the doctor found. */
export interface Finding {
  readonly check: string;
  readonly outcome: 'ok' | 'warning' | 'fault';
  /** What was found, in one sentence. */
  readonly found: string;
  /** What to do about it; absent when it is fine. */
  readonly fix?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, outcome: 'ok', found });
export const warning = (check: string, found: string, fix: string): Finding => ({
  check,
  outcome: 'warning',
  found,
  fix,
});
export const fault = (check: string, found: string, fix: string): Finding => ({
  check,
  outcome: 'fault',
  found,
  fix,
});
