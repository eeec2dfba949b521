// The bare work of a sign-in, in a process of its own: argon2id of the cost the server has, two at once as the server
// does them, and nothing else. Answers one message with how many a second.
import { type Algorithm, hash, verify } from '@node-rs/argon2';

const COST = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const AT_ONCE = 2;
const PASSWORD = 'seven blue herons at dusk';

process.on('message', (durationMs: number) => {
  void measure(durationMs).then((perSecond) => process.send!(perSecond));
});
process.on('disconnect', () => process.exit(0));

async function measure(durationMs: number): Promise<number> {
  const phc = await hash(PASSWORD, COST);
  const began = performance.now();
  const until = began + durationMs;
  let done = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < until) {
        await verify(phc, PASSWORD);
        done++;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - began);
}
