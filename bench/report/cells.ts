// What rows of the table are made of: figures in words, and verdicts.

export interface Row {
  readonly measure: string;
  readonly result: string;
  readonly atLeast: string;
  readonly wanted: string;
  /** Null where nothing was promised, or nothing can be said without the peer. */
  readonly verdict: 'wanted' | 'met' | 'missed' | null;
}

/** A row that promises nothing. */
export const NONE = { atLeast: '', wanted: '', verdict: null } as const;

export const ratioRow = (measure: string, ratio: number, atLeast: number, wanted: number): Row => ({
  measure,
  result: `${ratio.toFixed(1)} x`,
  atLeast: `${atLeast} x`,
  wanted: `${wanted} x`,
  verdict: verdictAbove(ratio, atLeast, wanted),
});

export const shareRow = (measure: string, share: number, atLeast: number, wanted: number): Row => ({
  measure,
  result: percent(share),
  atLeast: percent(atLeast),
  wanted: percent(wanted),
  verdict: verdictAbove(share, atLeast, wanted),
});

const verdictAbove = (value: number, atLeast: number, wanted: number): Row['verdict'] =>
  value >= wanted ? 'wanted' : value >= atLeast ? 'met' : 'missed';
export const verdictBelow = (value: number, atLeast: number, wanted: number): Row['verdict'] =>
  value < wanted ? 'wanted' : value < atLeast ? 'met' : 'missed';

export const count = (value: number): string => Math.round(value).toLocaleString('en-US');
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
