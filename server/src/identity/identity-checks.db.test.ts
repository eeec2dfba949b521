// Checks of identity documents from opening to the end: what is taken, who sees it, and what is left.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { decodeId } from '@sotto/contract';
import {
  approveIdentityCheck,
  listWaitingIdentityChecks,
  readIdentityDocument,
  rejectIdentityCheck,
  reviewIdentityCheck,
  takeIdentityCheck,
} from '@sotto/contract/admin/identity-checks';
import {
  addIdentityDocument,
  createIdentityCheck,
  getIdentityCheck,
  identityDocumentBytesMax,
  listIdentityChecks,
  submitIdentityCheck,
  withdrawIdentityCheck,
} from '@sotto/contract/identity-checks';
import pg from 'pg';
import { closeWorkspace, createKey, createWorkspace } from '#accounts';
import { accountsExpiry } from '#accounts/expiry';
import { createHttpServer } from '#http';
import { createLog } from '#platform/log';
import { liftGuard, setGuard } from '#privacy/data-map';
import { lift, restrict } from '#privacy/processing';
import { expireDue, liftLegalHold, placeLegalHold, retentionReport } from '#privacy/retention';
import { useApi } from '../../test/api.ts';
import { searchDisk } from '../../test/content/disk-search.ts';
import type { TestPerson } from '../../test/people.ts';
import { type Answer, callOperation } from '../../test/route-contract.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import { identityExpiry } from './expiry.ts';
import { approvedKinds, endIdentityChecksOf } from './identity.ts';
import { identityRoutes } from './routes.ts';
import { CHUNK_BYTES, documentsKey, openDocument } from './sealed-documents.ts';
import { jpegWith, pdfWith, pngWith } from './test/documents.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

describe('identity checks', () => {
  const limits = limitsFrom({ kyc: ['P30D', 'verified'], account: ['P1D', 'account_closed'] });
  const app = useApi({ limits });
  const { database } = app;
  let reviewer: TestPerson;
  let other: TestPerson;
  // Anew for each: tests move the clock past the end of sessions.
  beforeEach(async () => {
    reviewer = await app.person({ staffRole: 'abuse', strength: 'second_factor' });
    other = await app.person({ staffRole: 'abuse', strength: 'second_factor' });
  });

  const customerWith = (token: () => string) => ({
    open: (body: object = { kind: 'business', country: 'SA' }) =>
      callOperation(app.server, createIdentityCheck, { token: token(), body }),
    add: (id: string, octets: Buffer, kind = 'passport') =>
      callOperation(app.server, addIdentityDocument, {
        token: token(),
        id,
        body: { kind, content: octets.toString('base64') },
      }),
    send: (id: string, body: object) =>
      callOperation(app.server, addIdentityDocument, { token: token(), id, body }),
    submit: (id: string) => callOperation(app.server, submitIdentityCheck, { token: token(), id }),
    withdraw: (id: string) => callOperation(app.server, withdrawIdentityCheck, { token: token(), id }),
    get: (id: string) => callOperation(app.server, getIdentityCheck, { token: token(), id }),
    list: () => callOperation(app.server, listIdentityChecks, { token: token() }),
  });
  const customer = customerWith(() => app.shop.token);
  const staff = (token: string) => ({
    list: () => callOperation(app.server, listWaitingIdentityChecks, { token }),
    take: (id: string) => callOperation(app.server, takeIdentityCheck, { token, id }),
    get: (id: string) => callOperation(app.server, reviewIdentityCheck, { token, id }),
    document: (id: string) => callOperation(app.server, readIdentityDocument, { token, id }),
    approve: (id: string) => callOperation(app.server, approveIdentityCheck, { token, id }),
    reject: (id: string, reason = 'unreadable') =>
      callOperation(app.server, rejectIdentityCheck, { token, id, body: { reason } }),
    octets: (id: string) =>
      app.server.fastify.inject({
        method: 'GET',
        url: `/v1/admin/identity-documents/${id}`,
        headers: { authorization: `Bearer ${token}` },
      }),
  });
  const abuse = () => staff(reviewer.token);
  const done = (answer: Answer, status = 200) => {
    assert.equal(answer.status, status, answer.text.slice(0, 300));
    return answer.body;
  };
  const refused = (answer: Answer) => [answer.status, answer.body.code];
  const opened = async () => done(await customer.open(), 201).id as string;
  const submitted = async (octets = pdfWith(randomBytes(32))) => {
    const id = await opened();
    const document = done(await customer.add(id, octets), 201).id as string;
    done(await customer.submit(id));
    return { id, document };
  };
  const uuid = (id: string) => decodeId('idc', id)!;
  const chunksOf = (document: string) =>
    database.sql<{ content: Buffer }>(
      'select content from identity.document_chunk where document_id = $1 order by number',
      [decodeId('idd', document)],
    );
  const rowsLeft = async (id: string) => {
    const [row] = await database.sql<{ documents: number; chunks: number; windows: number }>(
      `select (select count(*)::integer from identity.document where check_id = $1) as documents,
              (select count(*)::integer from identity.document_chunk c
                 join identity.document d on d.id = c.document_id where d.check_id = $1) as chunks,
              (select count(*)::integer from identity.access_window where check_id = $1) as windows`,
      [uuid(id)],
    );
    return Object.values(row!);
  };
  const trail = async () =>
    (
      await database.sql<{ what: string }>(
        `select action || ' ' || outcome as what from privacy.audit_entry where action like 'identity%' order by id`,
      )
    ).map(({ what }) => what);
  /** A copy of sealed chunks, as a backup has it, after the key was destroyed. */
  async function assertUnreadable(id: string, document: string, copy: readonly { content: Buffer }[]) {
    assert.ok(copy.length > 0);
    app.keyring.evict([documentsKey(app.keyring, uuid(id))]);
    const chunks = copy.map(({ content }) => content);
    assert.equal(await openDocument(app.keyring, uuid(id), decodeId('idd', document)!, chunks), null);
  }
  const options = () => ({
    db: database.db,
    keyring: app.keyring,
    limits,
    handlers: [...accountsExpiry(app.keyring, [endIdentityChecksOf]), ...identityExpiry(app.keyring)],
    keyDayUsers: [],
    restFactor: 0,
  });
  async function retention() {
    const { failures } = await expireDue(options(), new AbortController().signal);
    if (failures.length > 0) throw failures[0];
  }

  test('where the policy holds no documents all of it answers feature_off, and the guard keeps the table empty', async () => {
    const server = createHttpServer({
      db: database.db,
      keyring: app.keyring,
      log: createLog({ level: 'silent' }),
      authenticator: app.authenticator,
      isOn: (feature) => feature !== 'identity_checks',
      routes: identityRoutes({ db: database.db, keyring: app.keyring, mailBaseUrl: null }),
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 65_536,
    });
    const body = { kind: 'business' };
    const off = await callOperation(server, createIdentityCheck, { token: app.shop.token, body });
    assert.deepEqual(refused(off), [403, 'feature_off']);
    const listed = await callOperation(server, listWaitingIdentityChecks, { token: app.admin });
    assert.deepEqual(refused(listed), [403, 'feature_off']);
    await server.close();

    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    const column = { table: 'identity.document_chunk', column: 'content' };
    try {
      await setGuard(owner, column);
      const id = await opened();
      assert.equal((await customer.add(id, pdfWith(randomBytes(8)))).status, 500);
      assert.deepEqual(await rowsLeft(id), [0, 0, 0]);
      await liftGuard(owner, column);
      done(await customer.add(id, pdfWith(randomBytes(8))), 201);
      done(await customer.withdraw(id));
    } finally {
      await owner.end();
    }
  });

  test('a check goes from opening to its decision; its workspace sees how it stands and no octet of it', async () => {
    const planted = randomBytes(48);
    const made = done(await customer.open({ kind: 'person' }), 201);
    assert.deepEqual([made.kind, made.country, made.state], ['person', null, 'open']);
    const { id } = made;
    assert.deepEqual(refused(await customer.submit(id)), [409, 'conflict'], 'without a document');
    const kinds = [pdfWith(planted), pngWith(planted), jpegWith(planted)];
    for (const octets of kinds) done(await customer.add(id, octets, 'passport'), 201);
    const standing = await customer.get(id);
    assert.deepEqual(
      done(standing).documents.map(({ media_type }: { media_type: string }) => media_type),
      ['application/pdf', 'image/png', 'image/jpeg'],
    );
    assert.ok(!standing.text.includes(planted.toString('base64').slice(4, 30)));
    const first = done(await customer.submit(id));
    assert.equal(first.state, 'submitted');
    assert.deepEqual(done(await customer.submit(id)), first, 'submitting again changes nothing');
    assert.deepEqual(refused(await customer.add(id, kinds[0]!)), [409, 'conflict']);
    assert.equal(done(await customer.list()).data[0].id, id);

    const mine = abuse();
    const line = done(await mine.list()).data;
    assert.deepEqual(line, [{ id, kind: 'person', submitted_at: first.submitted_at, taken_until: null }]);
    done(await mine.take(id));
    const shown = done(await mine.get(id));
    assert.equal(shown.workspace.id, app.shop.publicId);
    assert.equal(shown.documents.length, 3);
    for (const [at, document] of shown.documents.entries())
      assert.deepEqual((await mine.octets(document.id)).rawPayload, kinds[at]);
    const approved = done(await mine.approve(id));
    assert.deepEqual([approved.state, approved.documents_ended_at], ['approved', null]);
    assert.equal(done(await customer.get(id)).state, 'approved');
    assert.deepEqual([...(await database.db.batch((tx) => approvedKinds(tx, app.shop.id)))], ['person']);
    const [event] = await database.sql<{ payload: object }>(
      `select payload from platform.outbox where name = 'identity.decided' order by id desc limit 1`,
    );
    assert.deepEqual(event!.payload, { identity_check_id: uuid(id), workspace_id: app.shop.id });
    // What is decided is over: nobody looks at it again, and nobody takes it back.
    for (const answer of [
      await mine.get(id),
      await mine.document(shown.documents[0].id),
      await mine.reject(id),
    ])
      assert.deepEqual(refused(answer), [403, 'forbidden']);
    assert.deepEqual(refused(await mine.take(id)), [409, 'conflict']);
    assert.deepEqual(refused(await customer.withdraw(id)), [409, 'conflict']);
  });

  test('a refusal tells its reason by a code of the list, and by nothing else', async () => {
    const { id } = await submitted();
    done(await abuse().take(id));
    assert.deepEqual(refused(await abuse().reject(id, 'I do not like it')), [400, 'invalid_request']);
    done(await abuse().reject(id, 'does_not_match'));
    const { state, rejection } = done(await customer.get(id));
    assert.deepEqual([state, rejection], ['rejected', 'does_not_match']);
  });

  test('owners and administrators are written to that it is decided, once, and not why', async () => {
    for (const role of ['owner', 'admin', 'viewer'] as const) {
      await app.person({ memberOf: { workspaceId: app.shop.id, role }, email: `${role}@identity.example` });
    }
    await database.sql('delete from mail.outbox');
    const { id } = await submitted();
    done(await abuse().take(id));
    const answers = await Promise.all([abuse().reject(id, 'unreadable'), abuse().reject(id, 'unreadable')]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403]);
    const rows = await database.sql<{ template: string; row: string }>(
      'select template, o::text as row from mail.outbox o',
    );
    assert.deepEqual(
      rows.map(({ template }) => template),
      ['identity_decided', 'identity_decided'],
    );
    for (const { row } of rows) assert.doesNotMatch(row, /unreadable|identity\.example/);
  });

  test('names of files, other fields and what is no document are refused, and nothing is stored (checklist 52)', async () => {
    const id = await opened();
    const content = pdfWith(randomBytes(8)).toString('base64');
    const passport = { kind: 'passport', content };
    for (const name of ['name', 'filename', 'file_name', 'media_type', 'workspace_id'])
      assert.deepEqual(refused(await customer.send(id, { ...passport, [name]: '../../etc/passwd' })), [
        400,
        'unknown_field',
      ]);
    const bad = [
      { ...passport, kind: '../../etc/passwd' },
      { ...passport, content: `${content}%%` },
      { ...passport, content: content.slice(0, -3) },
      { ...passport, content: Buffer.from('<script>alert(1)</script>').toString('base64') },
      { ...passport, content: Buffer.from('504b0304', 'hex').toString('base64') },
      { ...passport, content: '' },
      { ...passport, content: 7 },
      { kind: 'passport' },
    ];
    for (const body of bad) {
      const answer = await customer.send(id, body);
      assert.deepEqual(refused(answer), [400, 'invalid_request'], JSON.stringify(body).slice(0, 80));
      assert.ok(!answer.text.includes('passwd') && !answer.text.includes('alert'));
    }
    const tooLong = Buffer.alloc(identityDocumentBytesMax + 1, 0x20);
    assert.deepEqual(refused(await customer.add(id, tooLong)), [400, 'invalid_request']);
    const huge = { ...passport, content: 'A'.repeat(6_670_000) };
    assert.deepEqual(refused(await customer.send(id, huge)), [413, 'body_too_large']);
    assert.deepEqual(await rowsLeft(id), [0, 0, 0]);
    for (const body of [
      { kind: 'animal' },
      { kind: 'business', country: 'Saudi' },
      { kind: 'business', state: 'approved' },
    ])
      assert.equal((await customer.open(body)).status, 400);
    done(await customer.withdraw(id));
  });

  test('of a hundred uploads at once as many are taken as there is room for', async () => {
    const id = await opened();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => customer.add(id, pdfWith(randomBytes(200)))),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 4);
    for (const answer of answers.filter(({ status }) => status !== 201))
      assert.deepEqual(refused(answer), [409, 'conflict']);
    assert.deepEqual(await rowsLeft(id), [4, 4, 0]);
    done(await customer.withdraw(id));
  });

  test('checks under way and checks opened of late are bounded, also at once', async () => {
    const fresh = customerWith(() => app.stranger.token);
    const opens = (many: number) => Promise.all(Array.from({ length: many }, () => fresh.open()));
    let taken = 0;
    for (let round = 0; round < 5; round++) {
      for (const answer of await opens(7)) {
        if (answer.status !== 201) continue;
        taken += 1;
        done(await fresh.withdraw(answer.body.id));
      }
    }
    assert.equal(taken, 20);
    await database.advance(30 * DAY_MS + 1_000);
    assert.equal((await opens(7)).filter(({ status }) => status === 201).length, 5);
  });

  test('a document of the most octets comes back octet by octet, as a file that no browser shows (checklist 52)', async () => {
    const frame = pdfWith(Buffer.alloc(0)).length;
    const octets = pdfWith(randomBytes(identityDocumentBytesMax - frame));
    const { id, document } = await submitted(octets);
    const chunks = await chunksOf(document);
    assert.equal(chunks.length, Math.ceil(identityDocumentBytesMax / CHUNK_BYTES));
    done(await abuse().take(id));
    const answer = await abuse().octets(document);
    assert.equal(answer.statusCode, 200);
    assert.ok(answer.rawPayload.equals(octets));
    assert.equal(answer.headers['content-type'], 'application/octet-stream');
    assert.equal(answer.headers['content-disposition'], `attachment; filename="${document}.pdf"`);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(String(answer.headers['content-security-policy']), /^default-src 'none'; sandbox;/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    // A chunk in another's place does not open.
    const swapped = [chunks[1]!, chunks[0]!, ...chunks.slice(2)].map(({ content }) => content);
    await assert.rejects(openDocument(app.keyring, uuid(id), decodeId('idd', document)!, swapped));
    done(await customer.withdraw(id));
  });

  test('without a window, by a key, by a member and by other staff nothing is shown, and each try is recorded', async () => {
    const { id, document } = await submitted();
    const start = (await trail()).length;
    const key = staff(await app.issue(null, ['admin:identity']));
    const member = await app.person({
      staffRole: 'abuse',
      strength: 'second_factor',
      memberOf: { workspaceId: app.shop.id, role: 'viewer' },
    });
    const own = staff(member.token);
    for (const answer of [
      await key.take(id),
      await own.take(id),
      await abuse().approve(id),
      await own.reject(id),
    ])
      assert.deepEqual(refused(answer), [403, 'forbidden']);
    for (const who of [key, own, abuse()]) {
      assert.deepEqual(refused(await who.get(id)), [403, 'forbidden']);
      assert.deepEqual(refused(await who.document(document)), [403, 'forbidden']);
    }
    assert.deepEqual(
      (await trail()).slice(start),
      Array.from({ length: 3 }, () => [
        'identity_check.read refused',
        'identity_document.read refused',
      ]).flat(),
    );
    for (const staffRole of ['administrator', 'support', 'finance', 'privacy_officer'] as const) {
      const somebody = staff((await app.person({ staffRole, strength: 'second_factor' })).token);
      for (const answer of [
        await somebody.list(),
        await somebody.take(id),
        await somebody.document(document),
      ])
        assert.deepEqual(refused(answer), [403, 'scope_missing'], staffRole);
    }
    const stranger = customerWith(() => app.stranger.token);
    for (const answer of [await stranger.get(id), await stranger.withdraw(id), await stranger.submit(id)])
      assert.deepEqual(refused(answer), [404, 'not_found']);
    done(await customer.withdraw(id));
  });

  test('who took a check has it alone and for an hour to the moment; every look is in the trail', async () => {
    const { id, document } = await submitted();
    const [one, two] = [abuse(), staff(other.token)];
    const start = (await trail()).length;
    const tries = await Promise.all([one.take(id), two.take(id)]);
    assert.deepEqual(tries.map(({ status }) => status).sort(), [200, 409]);
    const [mine, theirs] = tries[0]!.status === 200 ? [one, two] : [two, one];
    done(await mine.get(id));
    done(await mine.document(document));
    done(await mine.document(document));
    assert.deepEqual(refused(await theirs.document(document)), [403, 'forbidden']);
    assert.deepEqual((await trail()).slice(start), [
      'identity_check.taken done',
      'identity_check.read done',
      'identity_document.read done',
      'identity_document.read done',
      'identity_document.read refused',
    ]);
    const endsMs = Date.parse(done(await mine.take(id)).ends_at);
    await database.standAt(new Date(endsMs - 1));
    assert.equal((await mine.document(document)).status, 200);
    await database.standAt(new Date(endsMs));
    for (const answer of [await mine.get(id), await mine.document(document), await mine.approve(id)])
      assert.deepEqual(refused(answer), [403, 'forbidden']);
    done(await theirs.take(id));
    await database.advance(MINUTE_MS);
    const subject = { kind: 'workspace', id: app.shop.id } as const;
    await database.db.batch((tx) => restrict(tx, subject, 'accuracy_contested'));
    for (const answer of [await theirs.document(document), await theirs.approve(id), await theirs.take(id)])
      assert.deepEqual(refused(answer), [403, 'restricted']);
    await database.db.batch((tx) => lift(tx, subject, 'accuracy_contested'));
    // The customer may take it back while it is reviewed; then there is nothing to look at.
    done(await customer.withdraw(id));
    assert.deepEqual(refused(await theirs.document(document)), [404, 'not_found']);
    assert.deepEqual(refused(await theirs.approve(id)), [403, 'forbidden']);
  });

  describe('at the end', () => {
    test('withdrawal destroys the documents at once, and only how it ended is left', async () => {
      const { id, document } = await submitted();
      const copy = await chunksOf(document);
      const withdrawn = done(await customer.withdraw(id));
      assert.deepEqual([withdrawn.state, withdrawn.documents_ended_at !== null], ['withdrawn', true]);
      assert.deepEqual(done(await customer.withdraw(id)), withdrawn, 'again changes nothing');
      assert.deepEqual(await rowsLeft(id), [0, 0, 0]);
      await assertUnreadable(id, document, copy);
      assert.deepEqual((await trail()).slice(-2), [
        'identity_check.withdrawn done',
        'identity_check.shredded done',
      ]);
      assert.deepEqual(refused(await customer.add(id, pdfWith(randomBytes(8)))), [409, 'conflict']);
    });

    test('after the decision and the limit the document is gone from table, log and disk, and the outcome is left', async () => {
      const planted = randomBytes(32);
      const { id, document } = await submitted(pdfWith(planted));
      done(await abuse().take(id));
      const decided = done(await abuse().approve(id));
      const copy = await chunksOf(document);
      const decidedMs = Date.parse(decided.decided_at);
      await database.standAt(new Date(decidedMs + 30 * DAY_MS - 1));
      await retention();
      assert.deepEqual(await rowsLeft(id), [1, 1, 0], 'not a moment before');
      await database.standAt(new Date(decidedMs + 30 * DAY_MS));
      await retention();
      assert.deepEqual(await rowsLeft(id), [0, 0, 0]);
      await assertUnreadable(id, document, copy);
      const left = done(await customer.get(id));
      assert.deepEqual(
        [left.state, left.kind, left.country, left.decided_at, left.documents],
        ['approved', 'business', 'SA', decided.decided_at, []],
      );
      assert.equal(left.documents_ended_at, new Date(decidedMs + 30 * DAY_MS).toISOString());
      const report = (await retentionReport(options())).find(({ key }) => key === 'kyc');
      assert.equal(report!.overdue, 0);

      await database.sql('checkpoint');
      const [place] = await database.sql<{ folder: string; oid: string }>(
        `select current_setting('data_directory') as folder, oid::text from pg_database
          where datname = current_database()`,
      );
      const folders = [join(place!.folder, 'base', place!.oid), join(place!.folder, 'pg_wal')];
      const forms = [
        { name: 'octets', octets: planted },
        { name: 'base64', octets: Buffer.from(pdfWith(planted).toString('base64').slice(16, 48)) },
        { name: 'hex', octets: Buffer.from(planted.toString('hex')) },
        // What it was sealed to is on the disk, so the search looked where it would be.
        { name: 'sealed', octets: copy[0]!.content.subarray(0, 64) },
      ];
      const found = new Set(searchDisk(folders, forms).hits.map(({ form }) => form));
      assert.deepEqual([...found], ['sealed']);
    });

    test('a legal hold keeps what is past and shows it to nobody; lifted, it goes', async () => {
      const { id, document } = await submitted();
      const hold = await database.db.batch((tx) => placeLegalHold(tx, app.shop.id, 'court_order'));
      const withdrawn = done(await customer.withdraw(id));
      assert.equal(withdrawn.documents_ended_at, null);
      await retention();
      assert.deepEqual(await rowsLeft(id), [1, 1, 0]);
      assert.deepEqual(refused(await abuse().take(id)), [409, 'conflict']);
      assert.deepEqual(refused(await abuse().document(document)), [403, 'forbidden']);
      await database.db.batch((tx) => liftLegalHold(tx, hold.id));
      await retention();
      assert.deepEqual(await rowsLeft(id), [0, 0, 0]);
    });

    test('what is not submitted within 14 days, or not decided within 90, ends by itself', async () => {
      const left = await opened();
      done(await customer.add(left, pdfWith(randomBytes(8))), 201);
      const { id: waiting } = await submitted();
      done(await abuse().take(waiting));
      await database.advance(14 * DAY_MS - MINUTE_MS);
      await retention();
      assert.equal(done(await customer.get(left)).state, 'open');
      await database.advance(MINUTE_MS + 1_000);
      await retention();
      assert.equal(done(await customer.get(left)).state, 'expired');
      assert.equal(done(await customer.get(waiting)).state, 'submitted');
      await database.advance(76 * DAY_MS);
      await retention();
      assert.equal(done(await customer.get(waiting)).state, 'expired');
      for (const id of [left, waiting]) assert.deepEqual(await rowsLeft(id), [0, 0, 0]);
    });

    test('with its workspace everything goes, decided or not: no row, no key, and nothing of others', async () => {
      const { id: workspaceId } = await database.db.batch((tx) =>
        createWorkspace(tx, app.keyring, { kind: 'organisation', name: 'Gone', currency: 'EUR' }),
      );
      const key = await database.db.batch((tx) =>
        createKey(tx, app.keyring, 'operator', {
          workspaceId,
          kind: 'live',
          name: 'test',
          scopes: ['identity:write', 'identity:read'],
          networks: [],
          expiresAt: null,
        }),
      );
      assert.ok(key.outcome === 'created');
      const gone = customerWith(() => key.token);
      const id = done(await gone.open(), 201).id as string;
      const document = done(await gone.add(id, pdfWith(randomBytes(8))), 201).id as string;
      done(await gone.submit(id));
      done(await abuse().take(id));
      const copy = await chunksOf(document);
      const { id: stays } = await submitted();
      await database.db.batch((tx) => closeWorkspace(tx, workspaceId));
      await database.advance(DAY_MS + 1_000);
      await retention();
      assert.deepEqual(await rowsLeft(id), [0, 0, 0]);
      assert.deepEqual(
        await database.sql('select id from identity.identity_check where workspace_id = $1', [workspaceId]),
        [],
      );
      await assertUnreadable(id, document, copy);
      assert.deepEqual(await rowsLeft(stays), [1, 1, 0]);
    });
  });
});
