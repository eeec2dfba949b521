// Rules between settings: what production refuses, and what contradicts itself in any mode.
import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { readFailpoints } from '../failpoints.ts';
import type { Secret } from './secret.ts';

/** One thing wrong with the configuration: the sentence names the variable, the way out says what to do. */
export interface Fault {
  readonly variable: string;
  readonly sentence: string;
  readonly wayOut: string;
}

/** The settings the rules look at; absent stays undefined, defaults of the mode are not filled in yet. */
export interface Read {
  readonly mode: 'development' | 'production';
  readonly publicUrl: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly dataDir: string;
  readonly keysDir: string;
  readonly masterKeyFile: string | undefined;
  readonly databaseUrl: Secret | undefined;
  readonly keysUrl: Secret | undefined;
  readonly smtpUrl: Secret | undefined;
  readonly mailFrom: object | undefined;
  readonly inboundSmtpPort: number | undefined;
  readonly mailDomain: string | undefined;
  readonly metricsToken: Secret | undefined;
  readonly analyticsMeasurementId: string | undefined;
  readonly analyticsApiSecret: Secret | undefined;
  readonly firebaseAppId: string | undefined;
  readonly firebaseAppInstanceId: string | undefined;
  readonly firebaseApiSecret: Secret | undefined;
  readonly stripeSecretKey: Secret | undefined;
  readonly stripeWebhookSecret: Secret | undefined;
  readonly btcpayOrigin: string | undefined;
  readonly btcpayStoreId: string | undefined;
  readonly btcpayApiKey: Secret | undefined;
  readonly btcpayWebhookSecret: Secret | undefined;
  readonly revenuecatAuthorization: Secret | undefined;
  readonly appStoreBundleId: string | undefined;
  readonly appStoreAppId: number | undefined;
  readonly appStoreEnvironment: 'Production' | 'Sandbox' | undefined;
  readonly appStoreRoots: readonly string[] | undefined;
  readonly playStorePackageName: string | undefined;
  readonly playStorePushAudience: string | undefined;
  readonly playStorePushAccount: string | undefined;
  readonly playStoreAccountKey: Secret | undefined;
  readonly invoiceSellerName: string | undefined;
  readonly invoiceSellerAddress: string | undefined;
  readonly invoiceSellerCountry: string | undefined;
  readonly simulator: boolean | undefined;
  readonly seed: boolean | undefined;
  readonly failpoints: string | undefined;
  readonly unsafeDurability: boolean;
}

/** Words that stand in documentation where a secret belongs; a production secret must not contain them. */
const PLACEHOLDER =
  /change-?_?me|placeholder|your-?_?(?:secret|password|token)|^(?:secret|password|passwd|postgres|sotto|admin|root|test|demo|example|development)$|0123456789|abcdefgh|^(.)\1+$/i;

/** Faults that hold in every mode. */
export function contradictions(read: Read): Fault[] {
  const faults: Fault[] = [];
  for (const together of settingsTogether(read)) {
    const given = Object.keys(together).find((variable) => together[variable] !== undefined);
    if (given === undefined) continue;
    for (const missing of Object.keys(together).filter((variable) => together[variable] === undefined))
      faults.push(fault(missing, `is missing while ${given} is set`, `set ${missing}, or remove ${given}`));
  }
  if (read.mode === 'development' && /^[sr]k_live_/.test(read.stripeSecretKey?.reveal() ?? '')) {
    faults.push(
      fault(
        'SOTTO_STRIPE_SECRET_KEY',
        'is a live key, whose payments development would take and not credit',
        'set a key of the test environment, or SOTTO_MODE=production',
      ),
    );
  }
  for (const [variable, value] of [
    ['SOTTO_APP_STORE_APP_ID', read.appStoreAppId],
    ['SOTTO_APP_STORE_ENVIRONMENT', read.appStoreEnvironment],
    ['SOTTO_APP_STORE_ROOTS', read.appStoreRoots],
  ] as const) {
    if (value !== undefined && read.appStoreBundleId === undefined)
      faults.push(
        fault(
          'SOTTO_APP_STORE_BUNDLE_ID',
          `is missing while ${variable} is set`,
          `set SOTTO_APP_STORE_BUNDLE_ID, or remove ${variable}`,
        ),
      );
  }
  if (read.inboundSmtpPort !== undefined && read.mailDomain === undefined)
    faults.push(
      fault(
        'SOTTO_MAIL_DOMAIN',
        'is missing while SOTTO_INBOUND_SMTP_PORT is set',
        'set it to the domain that mail comes in for, or remove the port',
      ),
    );
  for (const [variable, file] of [
    ['SOTTO_TLS_CERT_FILE', read.tlsCertFile],
    ['SOTTO_TLS_KEY_FILE', read.tlsKeyFile],
  ] as const) {
    if (file !== undefined && !existsSync(file))
      faults.push(fault(variable, 'names a file that does not exist', 'correct the path'));
  }
  if (read.failpoints !== undefined) {
    try {
      readFailpoints(read.failpoints);
    } catch {
      faults.push(
        fault('SOTTO_FAILPOINTS', 'names a failpoint or an action that does not exist', 'unset it'),
      );
    }
  }
  return faults;
}

/** Settings that mean nothing one without the other. */
const settingsTogether = (read: Read): readonly Readonly<Record<string, unknown>>[] => [
  { SOTTO_TLS_CERT_FILE: read.tlsCertFile, SOTTO_TLS_KEY_FILE: read.tlsKeyFile },
  { SOTTO_SMTP_URL: read.smtpUrl, SOTTO_MAIL_FROM: read.mailFrom },
  {
    SOTTO_ANALYTICS_MEASUREMENT_ID: read.analyticsMeasurementId,
    SOTTO_ANALYTICS_API_SECRET: read.analyticsApiSecret,
  },
  {
    SOTTO_FIREBASE_APP_ID: read.firebaseAppId,
    SOTTO_FIREBASE_APP_INSTANCE_ID: read.firebaseAppInstanceId,
    SOTTO_FIREBASE_API_SECRET: read.firebaseApiSecret,
  },
  {
    SOTTO_STRIPE_SECRET_KEY: read.stripeSecretKey,
    SOTTO_STRIPE_WEBHOOK_SECRET: read.stripeWebhookSecret,
  },
  {
    SOTTO_BTCPAY_ORIGIN: read.btcpayOrigin,
    SOTTO_BTCPAY_STORE_ID: read.btcpayStoreId,
    SOTTO_BTCPAY_API_KEY: read.btcpayApiKey,
    SOTTO_BTCPAY_WEBHOOK_SECRET: read.btcpayWebhookSecret,
  },
  {
    SOTTO_PLAY_STORE_PACKAGE_NAME: read.playStorePackageName,
    SOTTO_PLAY_STORE_PUSH_AUDIENCE: read.playStorePushAudience,
    SOTTO_PLAY_STORE_PUSH_ACCOUNT: read.playStorePushAccount,
    SOTTO_PLAY_STORE_ACCOUNT_KEY: read.playStoreAccountKey,
  },
  {
    SOTTO_INVOICE_SELLER_NAME: read.invoiceSellerName,
    SOTTO_INVOICE_SELLER_ADDRESS: read.invoiceSellerAddress,
    SOTTO_INVOICE_SELLER_COUNTRY: read.invoiceSellerCountry,
  },
];

/** What production refuses on top. */
export function productionFaults(read: Read): Fault[] {
  return [...exposure(read), ...developmentOnly(read), ...keys(read), ...secrets(read), ...appStore(read)];
}

function exposure(read: Read): Fault[] {
  if (!read.publicUrl?.startsWith('https://')) {
    return [
      fault(
        'SOTTO_PUBLIC_URL',
        'must be an https address in production',
        'set it to the address customers use, such as https://sms.example.com',
      ),
    ];
  }
  if (read.tlsCertFile === undefined && read.trustedProxies.length === 0) {
    return [
      fault(
        'SOTTO_TRUSTED_PROXIES',
        'is empty and there is no own certificate, so nothing here can speak https',
        'name the proxy that ends TLS, or set SOTTO_TLS_CERT_FILE and SOTTO_TLS_KEY_FILE',
      ),
    ];
  }
  return [];
}

function developmentOnly(read: Read): Fault[] {
  const only = (variable: string, on: boolean, what: string) =>
    on
      ? [
          fault(
            variable,
            `${what}, which production refuses`,
            `unset ${variable}, or set SOTTO_MODE=development`,
          ),
        ]
      : [];
  return [
    ...only('SOTTO_SIMULATOR', read.simulator === true, 'starts the simulated carrier'),
    ...only('SOTTO_SEED', read.seed === true, 'seeds a demo workspace'),
    ...only('SOTTO_FAILPOINTS', read.failpoints !== undefined, 'arms failpoints'),
    ...only('SOTTO_UNSAFE_DURABILITY', read.unsafeDurability, 'accepts the loss of committed data'),
  ];
}

function keys(read: Read): Fault[] {
  const faults: Fault[] = [];
  if (read.masterKeyFile === undefined) {
    faults.push(
      fault(
        'SOTTO_MASTER_KEY_FILE',
        'must be set in production',
        'make one with: umask 077; openssl rand -hex 32 > /etc/sotto/master-key, and keep a copy apart from all backups',
      ),
    );
  } else if (!existsSync(read.masterKeyFile) || !statSync(read.masterKeyFile).isFile()) {
    faults.push(
      fault(
        'SOTTO_MASTER_KEY_FILE',
        'names a file that does not exist',
        'correct the path or restore the file',
      ),
    );
  }
  if (read.keysUrl === undefined && overlap(read.dataDir, read.keysDir)) {
    faults.push(
      fault(
        'SOTTO_KEYS_DIR',
        'lies in the data directory (or the other way round), so a backup of one would hold the other',
        'choose a folder apart, outside what backs up SOTTO_DATA_DIR',
      ),
    );
  }
  if (
    read.databaseUrl !== undefined &&
    read.keysUrl !== undefined &&
    clusterOf(read.databaseUrl) === clusterOf(read.keysUrl)
  ) {
    faults.push(
      fault(
        'SOTTO_KEYS_URL',
        'names the same server as SOTTO_DATABASE_URL',
        'put the key store on another PostgreSQL cluster, or unset it to keep keys in SOTTO_KEYS_DIR',
      ),
    );
  }
  return faults;
}

function appStore({ appStoreBundleId, appStoreAppId, appStoreEnvironment }: Read): Fault[] {
  const faults: Fault[] = [];
  if (appStoreBundleId !== undefined && appStoreAppId === undefined) {
    faults.push(
      fault(
        'SOTTO_APP_STORE_APP_ID',
        'is missing while SOTTO_APP_STORE_BUNDLE_ID is set, so notices of another app under its name would be believed',
        'set it to the Apple ID that App Store Connect shows for the app',
      ),
    );
  }
  if (appStoreEnvironment === 'Sandbox') {
    faults.push(
      fault(
        'SOTTO_APP_STORE_ENVIRONMENT',
        'is the sandbox, whose purchases are no money',
        'remove it, or set SOTTO_MODE=development',
      ),
    );
  }
  return faults;
}

function secrets(read: Read): Fault[] {
  const faults: Fault[] = [];
  const passwords: readonly (readonly [string, string | undefined])[] = [
    ['SOTTO_METRICS_TOKEN', read.metricsToken?.reveal()],
    ['SOTTO_STRIPE_WEBHOOK_SECRET', read.stripeWebhookSecret?.reveal()],
    ['SOTTO_BTCPAY_WEBHOOK_SECRET', read.btcpayWebhookSecret?.reveal()],
    ['SOTTO_REVENUECAT_AUTHORIZATION', read.revenuecatAuthorization?.reveal()],
    ...(['databaseUrl', 'keysUrl', 'smtpUrl'] as const).map(
      (key) =>
        [
          { databaseUrl: 'SOTTO_DATABASE_URL', keysUrl: 'SOTTO_KEYS_URL', smtpUrl: 'SOTTO_SMTP_URL' }[key],
          passwordOf(read[key]),
        ] as const,
    ),
  ];
  if (read.stripeSecretKey?.reveal().startsWith('sk_test_')) {
    faults.push(
      fault(
        'SOTTO_STRIPE_SECRET_KEY',
        'is a key of the test environment, whose payments are no money',
        'set the live key, and the signing secret of the live webhook',
      ),
    );
  }
  for (const [variable, password] of passwords) {
    if (password !== undefined && password !== '' && PLACEHOLDER.test(password))
      faults.push(fault(variable, 'holds a default or placeholder secret', 'make one: openssl rand -hex 32'));
  }
  return faults;
}

const fault = (variable: string, what: string, wayOut: string): Fault => ({
  variable,
  sentence: `${variable} ${what}.`,
  wayOut,
});

/** True when one folder is the other or lies inside it. */
function overlap(a: string, b: string): boolean {
  const inside = (parent: string, child: string) => {
    const way = relative(resolve(parent), resolve(child));
    return way === '' || !(way === '..' || way.startsWith(`..${process.platform === 'win32' ? '\\' : '/'}`));
  };
  return inside(a, b) || inside(b, a);
}

const clusterOf = (url: Secret) => {
  const { hostname, port, searchParams } = new URL(url.reveal());
  return `${searchParams.get('host') ?? hostname}:${searchParams.get('port') ?? (port || '5432')}`;
};

const passwordOf = (url: Secret | undefined) =>
  url === undefined ? undefined : decodeURIComponent(new URL(url.reveal()).password);
