import { makePdu, type SubmitAnswer, type SubmitSm } from '@sotto/smpp';
import { connectorContract, type Verdict } from '../test/connector-contract.ts';
import { TestSmsc } from '../test/test-smsc.ts';
import { bound, startConnector } from '../test/under-test.ts';
import { Wire } from '../test/wire.ts';

const STATUS_OF: Partial<Record<Verdict, number>> = { permanent: 0x0b, temporary: 0x08, throttle: 0x58 };

connectorContract('smpp', async ({ verdicts, window, cut }) => {
  const smsc = await TestSmsc.start({
    onSubmit(pdu: SubmitSm, answer: SubmitAnswer, self: TestSmsc) {
      const verdict = verdicts[self.submits.length - 1] ?? 'accept';
      if (verdict === 'accept') answer(0, `id-${self.submits.length}`);
      else if (verdict === 'lose_link') self.reset();
      else if (verdict === 'nack') {
        // generic_nack instead of a response, below the session.
        for (const socket of self.sockets) socket.write(nack(pdu.sequence));
      } else if (verdict !== 'silence') answer(STATUS_OF[verdict]!);
    },
  });
  const wire = await Wire.to(smsc.port);
  const { connector } = startConnector(
    wire.port,
    { windowSize: window, otpWindowReserve: window > 1 ? 1 : 0 },
    { limits: { responseTimeoutMs: 60 }, drainMs: 200 },
  );
  await bound(connector);
  if (cut !== undefined) wire.cut(cut);
  return {
    connector,
    seen: () => smsc.texts,
    async stop() {
      await connector.stop();
      await wire.stop();
      await smsc.stop();
    },
  };
});

function nack(sequence: number): Buffer {
  const octets = Buffer.alloc(16);
  const { status } = makePdu('generic_nack', { status: 0x03 });
  octets.writeUInt32BE(16, 0);
  octets.writeUInt32BE(0x80000000, 4);
  octets.writeUInt32BE(status, 8);
  octets.writeUInt32BE(sequence, 12);
  return octets;
}
