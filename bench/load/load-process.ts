// The load generator as a process of its own: takes one order a message, answers each with one.
import { type ClosedLoop, type LoadResult, runClosedLoop } from './closed-loop.ts';
import { type OpenLoop, type OpenLoopResult, runOpenLoop } from './open-loop.ts';
import { ReceiptSink, type SinkCounts } from './receipt-sink.ts';
import { FIRST_NUMBER } from './request-spec.ts';

export type Order = ClosedLoop | OpenLoop | { readonly kind: 'sink' } | { readonly kind: 'sink_counts' };

export interface Answers {
  readonly closed: LoadResult;
  readonly open: OpenLoopResult;
  readonly sink: number;
  readonly sink_counts: SinkCounts;
}

export interface Ordered {
  readonly number: number;
  readonly order: Order;
}

let sink: ReceiptSink | undefined;

process.on('message', ({ number, order }: Ordered) => {
  obey(order).then(
    (answer) => process.send!({ number, answer }),
    (error: unknown) =>
      process.send!({ number, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));

async function obey(order: Order): Promise<Answers[keyof Answers]> {
  switch (order.kind) {
    case 'closed':
      return runClosedLoop(order);
    case 'open':
      return runOpenLoop(order);
    case 'sink':
      sink?.close();
      sink = new ReceiptSink(FIRST_NUMBER);
      return sink.listen();
    case 'sink_counts':
      if (sink === undefined) throw new Error('no sink was asked for');
      return sink.counts;
  }
}
