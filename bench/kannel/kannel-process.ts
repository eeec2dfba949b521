// The peer's two processes, found where distributions put them, in a folder of their own.
import { accessSync, constants } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Child, Children } from '../process/children.ts';
import { freePorts } from '../process/free-ports.ts';
import { WINDOW } from '../process/sotto-server.ts';
import { waitFor } from '../process/waiting.ts';
import { kannelConfig } from './kannel-config.ts';

export interface Kannel {
  readonly bearerbox: Child;
  readonly smsbox: Child;
  readonly sendsmsPort: number;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 20_000;
/** Debian puts its programs here, which is not on everybody's search path. */
const SYSTEM_PROGRAMS = '/usr/sbin';

/** Where a program of the peer is; null when it is not installed. */
export function findProgram(name: string): string | null {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), SYSTEM_PROGRAMS]) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next folder may have it.
    }
  }
  return null;
}

/** Starts both boxes against the SMSC. Rejects when they are not installed or do not come up in time. */
export async function startKannel(children: Children, folder: string, smscPort: number): Promise<Kannel> {
  const [bearerbox, smsbox] = [findProgram('bearerbox'), findProgram('smsbox')];
  if (bearerbox === null || smsbox === null) {
    throw new Error('Kannel is not installed: apt-get install kannel (1.4.5 was used)');
  }
  const [admin, smsboxPort, sendsms] = await freePorts(3);
  const ports = { admin: admin!, smsbox: smsboxPort!, sendsms: sendsms!, smsc: smscPort };
  for (const name of ['log', 'store', 'dlr']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'kannel.conf'), kannelConfig({ ports, window: WINDOW }));
  // Level 4: nothing but panic on the console.
  const args = ['-v', '4', './kannel.conf'];
  const bearer = await children.spawn('bearerbox', bearerbox, args, { cwd: folder });
  await untilAnswers(bearer, `http://127.0.0.1:${ports.admin}/status.txt?password=bench`);
  const sms = await children.spawn('smsbox', smsbox, args, { cwd: folder });
  await untilAnswers(sms, `http://127.0.0.1:${ports.sendsms}/cgi-bin/sendsms`);
  return {
    bearerbox: bearer,
    smsbox: sms,
    sendsmsPort: ports.sendsms,
    async stop() {
      await sms.stop(STOP_LIMIT_MS);
      await bearer.stop(STOP_LIMIT_MS);
    },
  };
}

async function untilAnswers(child: Child, url: string): Promise<void> {
  const up = await waitFor(
    () =>
      fetch(url).then(
        () => true,
        () => undefined,
      ),
    START_LIMIT_MS,
    100,
  );
  if (!up) throw new Error(`${child.name} does not answer. ${child.complaint()}`);
}
