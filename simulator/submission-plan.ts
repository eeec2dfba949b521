// Decides what becomes of one submission: behaviour, magic number and dice in, a plan out. Sends nothing itself.
import { type ReceiptState, readRegisteredDelivery, STATUS } from '@sotto/smpp';
import { type Behaviour, drawMs, type ErrorRule, type IdSpelling } from './behaviour.ts';
import { type MagicOutcome, magicOutcome } from './magic-numbers.ts';

export interface PlannedReceipt {
  readonly state: ReceiptState;
  readonly errorCode: string;
  readonly delayMs: number;
  readonly order: 'before' | 'after';
  readonly carriedBy: 'text' | 'tlv' | 'both';
  readonly textId: IdSpelling;
  readonly tlvId: IdSpelling;
  readonly intermediate: boolean;
}

export interface SubmissionPlan {
  /** 0 accepts. */
  readonly status: number;
  readonly answered: boolean;
  readonly latencyMs: number;
  readonly receipts: readonly PlannedReceipt[];
  /** What the handset sends back. */
  readonly reply: { readonly text: string | 'echo'; readonly delayMs: number } | null;
}

/** How many destinations of "once" numbers are remembered; then the oldest is forgotten. */
const ONCE_MAX = 10_000;

export class SubmissionPlanner {
  readonly #random: () => number;
  readonly #spent = new Map<ErrorRule, number>();
  readonly #once = new Set<string>();
  #ordinal = 0;
  #tokens = 0;
  #tokensAtMs = Number.NaN;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** `openReceipts` counts receipts that are planned and not answered; `text` decodes the message when needed. */
  plan(
    behaviour: Behaviour,
    destination: string,
    registeredDelivery: number,
    openReceipts: number,
    nowMs: number,
    text: () => string,
  ): SubmissionPlan {
    this.#ordinal++;
    const latencyMs = drawMs(behaviour.latencyMs, this.#random);
    const magic = behaviour.magicNumbers ? magicOutcome(destination) : undefined;
    const status =
      this.#throttled(behaviour.partsPerSecond, nowMs) ||
      (behaviour.queueMax !== null && openReceipts >= behaviour.queueMax ? STATUS.RMSGQFUL : 0) ||
      this.#error(behaviour.errors, destination) ||
      this.#magicStatus(magic, destination);
    const answered = !behaviour.withholdAnswers && !magic?.unanswered;
    if (status !== 0) return { status, answered, latencyMs, receipts: NONE, reply: null };
    return {
      status: 0,
      answered,
      latencyMs,
      receipts: this.#receipts(behaviour, magic, registeredDelivery),
      reply: this.#reply(behaviour, magic, destination, text),
    };
  }

  /** A bucket that holds one second's worth. */
  #throttled(partsPerSecond: number | null, nowMs: number): number {
    if (partsPerSecond === null) {
      this.#tokensAtMs = Number.NaN;
      return 0;
    }
    if (Number.isNaN(this.#tokensAtMs)) this.#tokens = partsPerSecond;
    else
      this.#tokens = Math.min(
        partsPerSecond,
        this.#tokens + ((nowMs - this.#tokensAtMs) / 1000) * partsPerSecond,
      );
    this.#tokensAtMs = nowMs;
    if (this.#tokens < 1) return STATUS.RTHROTTLED;
    this.#tokens--;
    return 0;
  }

  #error(rules: readonly ErrorRule[], destination: string): number {
    for (const rule of rules) {
      const spent = this.#spent.get(rule) ?? 0;
      if (rule.times !== undefined && spent >= rule.times) continue;
      if (rule.every !== undefined && this.#ordinal % rule.every !== 0) continue;
      if (rule.at !== undefined && !rule.at.includes(this.#ordinal)) continue;
      if (rule.destinationEnds !== undefined && !destination.endsWith(rule.destinationEnds)) continue;
      if (rule.probability !== undefined && this.#random() >= rule.probability) continue;
      if (rule.times !== undefined) this.#spent.set(rule, spent + 1);
      return rule.status;
    }
    return 0;
  }

  #magicStatus(magic: MagicOutcome | undefined, destination: string): number {
    if (magic?.status === undefined) return 0;
    if (!magic.once) return magic.status;
    // The second submission to the number passes, the third is refused again, and so on.
    if (this.#once.delete(destination)) return 0;
    if (this.#once.size >= ONCE_MAX) this.#once.delete(this.#once.values().next().value as string);
    this.#once.add(destination);
    return magic.status;
  }

  #receipts(
    behaviour: Behaviour,
    magic: MagicOutcome | undefined,
    registeredDelivery: number,
  ): readonly PlannedReceipt[] {
    const { receipts } = behaviour;
    if (receipts.send === 'never' || magic?.receipt === 'none') return NONE;
    const failing = receipts.failing !== null && this.#random() < receipts.failing.probability;
    const { state, errorCode } = failing
      ? receipts.failing!
      : {
          state: magic?.receipt ?? receipts.state,
          errorCode: magic ? (magic.errorCode ?? '000') : receipts.errorCode,
        };
    const wanted = readRegisteredDelivery(registeredDelivery);
    if (receipts.send === 'requested' && !isWanted(wanted.receipt, state)) return NONE;
    const receipt: PlannedReceipt = {
      state,
      errorCode,
      delayMs: magic?.delayMs ?? drawMs(receipts.delayMs, this.#random),
      order: magic?.order ?? receipts.order,
      carriedBy: magic?.carriedBy ?? receipts.carriedBy,
      textId: magic?.textId ?? receipts.textId,
      tlvId: receipts.tlvId,
      intermediate: false,
    };
    const planned: PlannedReceipt[] = [];
    const first = magic?.intermediate ?? (receipts.intermediate ? 'enroute' : undefined);
    if (first !== undefined)
      planned.push({ ...receipt, state: first, errorCode: '000', intermediate: first === 'enroute' });
    for (let copies = magic?.copies ?? receipts.copies; copies > 0; copies--) planned.push(receipt);
    return planned;
  }

  #reply(
    behaviour: Behaviour,
    magic: MagicOutcome | undefined,
    destination: string,
    text: () => string,
  ): SubmissionPlan['reply'] {
    if (magic?.reply) return { text: magic.reply === 'echo' ? 'echo' : magic.reply.text, delayMs: 0 };
    for (const rule of behaviour.replies) {
      if (rule.destinationEnds !== undefined && !destination.endsWith(rule.destinationEnds)) continue;
      if (rule.contains !== undefined && !text().toLowerCase().includes(rule.contains.toLowerCase()))
        continue;
      return { text: rule.text, delayMs: drawMs(rule.delayMs, this.#random) };
    }
    return null;
  }
}

const NONE: readonly PlannedReceipt[] = [];

/** SMPP 3.4 §5.2.17: 01 both, 10 failures alone; 11 is "success alone" since 5.0. */
function isWanted(wanted: 'none' | 'always' | 'on_failure' | 'on_success', state: ReceiptState): boolean {
  if (wanted === 'always') return true;
  return wanted !== 'none' && (wanted === 'on_success') === (state === 'delivered');
}
