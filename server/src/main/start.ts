// `sotto start`: from settings to a running process and back down.
import { mkdirSync } from 'node:fs';
import type { DevCredentials } from '#accounts';
import { seedDevelopment } from '#accounts';
import type { Config } from '#platform/config';
import { armFailpoints } from '#platform/failpoints';
import { Lifecycle } from '#platform/lifecycle';
import { configureLog, log, word } from '#platform/log';
import { collectProcessMetrics } from '#platform/metrics';
import { compose } from './compose.ts';
import { startDemoCarrier } from './demo-carrier.ts';
import { openGround } from './ground.ts';

/** Runs until a signal ends it. Resolves true when everything stopped in order. */
export async function start(config: Config, write: (line: string) => void): Promise<boolean> {
  configureLog({ level: config.logLevel });
  armFailpoints(config.failpoints ?? '');
  collectProcessMetrics();
  mkdirSync(config.dataDir, { recursive: true });
  const lifecycle = new Lifecycle({ drainLimitMs: config.drainTimeoutMs });
  const ground = await openGround(config);
  lifecycle.add({ name: 'ground', stop: () => ground.close() });
  try {
    const smsc =
      config.simulator && config.roles.includes('carrier')
        ? await startDemoCarrier(ground.db, ground.keyring)
        : null;
    if (smsc) lifecycle.add({ name: 'simulator', stop: () => smsc.stop() });
    const composition = await compose({
      config,
      ground,
      simulator: smsc,
    });
    for (const component of composition.components) lifecycle.add(component);
    lifecycle.add({
      name: 'listener',
      async start() {
        const address = composition.http ? await composition.http.listen(config.host, config.port) : null;
        const baseUrl = config.publicUrl ?? address;
        log.info('process.started', { role: word(config.roles.join('-')), mode: word(config.mode) });
        if (baseUrl !== null) await greet(config, ground, baseUrl, write);
      },
    });
  } catch (error) {
    await ground.close();
    throw error;
  }
  return lifecycle.run();
}

async function greet(
  config: Config,
  ground: Awaited<ReturnType<typeof openGround>>,
  baseUrl: string,
  write: (line: string) => void,
): Promise<void> {
  write(`Sotto is ready at ${baseUrl} (${config.mode})`);
  if (!config.seed) return;
  const credentials = await seedDevelopment(ground.db, ground.keyring, { dataDir: config.dataDir, baseUrl });
  for (const line of welcome(credentials)) write(line);
}

/** What a newcomer needs next: the keys, and a line to paste. */
function welcome(credentials: DevCredentials): string[] {
  const { base_url: url, api_key: key } = credentials;
  return [
    '',
    `  API documentation   ${url}/docs`,
    `  Demo API key        ${key}`,
    `  Administrator key   ${credentials.admin_api_key}`,
    '',
    'Send a message (it goes to a simulated phone and costs demo credit):',
    '',
    `  curl -s ${url}/v1/messages -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"to":"+4915123456789","text":"Your code is 481516.","class":"otp"}'`,
    '',
    'Watch it arrive, with the id from the answer:',
    '',
    `  curl -s ${url}/v1/messages/<id> -H 'Authorization: Bearer ${key}'`,
    '',
    'Ctrl-C stops it. Your data stays.',
  ];
}
