// Verdicts in memory: how old they may be, and that not knowing is never yes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Database } from '#platform/database';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { object, processingUnder } from './processing.ts';
import { REMEMBERED_MS_MAX, rememberVerdicts } from './remembered-verdicts.ts';
import { memoryConsents } from './test/memory-consents.ts';

describe('privacy: remembered verdicts', () => {
  const at = useDatabase();
  const bases = { improve: 'consent', reliability: 'legitimate_interest' } as const;

  function remembering() {
    const consents = memoryConsents();
    let nowMs = 0;
    let asked = 0;
    const processing = processingUnder(bases, consents);
    const verdicts = rememberVerdicts({
      db: at.db,
      nowMs: () => nowMs,
      processing: {
        mayShare: processing.mayShare,
        mayProcess: (...about) => {
          asked += 1;
          return processing.mayProcess(...about);
        },
      },
    });
    const subject = { kind: 'workspace', id: newId() } as const;
    return {
      consents,
      verdicts,
      subject,
      asked: () => asked,
      pass: (ms: number) => {
        nowMs += ms;
      },
    };
  }

  test('a withdrawal counts after two seconds, and at once where it is told of', async () => {
    const { consents, verdicts, subject, pass } = remembering();
    const may = () => verdicts.mayProcess(subject, 'improve');
    consents.give(subject.id, 'improve');
    assert.equal(await may(), true);
    consents.withdraw(subject.id, 'improve');
    pass(REMEMBERED_MS_MAX);
    assert.equal(await may(), true, 'not older than that');
    pass(1);
    assert.equal(await may(), false);
    consents.give(subject.id, 'improve');
    assert.equal(await may(), false);
    verdicts.forget();
    assert.equal(await may(), true);
  });

  test('many who ask at once are answered by one reading', async () => {
    const { verdicts, subject, asked } = remembering();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => verdicts.mayProcess(subject, 'improve')),
    );
    assert.deepEqual([new Set(answers), asked()], [new Set([false]), 1]);
  });

  test('who opted out of passing on is used for the purpose and passed on to nobody, whatever it rests on', async () => {
    const { consents, verdicts, subject } = remembering();
    consents.optOutOfSharing(subject.id);
    assert.equal(await verdicts.mayProcess(subject, 'reliability'), true);
    assert.equal(await verdicts.mayShare(subject, 'reliability'), false);
  });

  test('an objection ends both', async () => {
    const { verdicts, subject } = remembering();
    await at.db.batch((tx) => object(tx, subject, 'reliability', bases));
    assert.equal(await verdicts.mayProcess(subject, 'reliability'), false);
    assert.equal(await verdicts.mayShare(subject, 'reliability'), false);
  });

  test('what cannot be known is not allowed, and is asked again', async () => {
    const { consents, subject } = remembering();
    const gone = new Database({ url: 'postgres://nobody@127.0.0.1:1/none', connections: 1 });
    const verdicts = rememberVerdicts({ db: gone, processing: processingUnder(bases, consents) });
    await assert.rejects(verdicts.mayProcess(subject, 'reliability'), { code: 'unavailable' });
    await assert.rejects(verdicts.mayProcess(subject, 'reliability'), { code: 'unavailable' });
    await gone.end();
  });
});
