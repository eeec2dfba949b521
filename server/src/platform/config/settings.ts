// Every setting of the product, in the order README shows them. Nothing else reads the environment.
import * as readers from './readers.ts';
import { defaulted, optional, secret } from './setting.ts';

export const ROLES = ['api', 'worker', 'carrier'] as const;
export type ProcessRole = (typeof ROLES)[number];

export const settings = {
  mode: defaulted('SOTTO_MODE', readers.oneOf('development', 'production'), 'development', {
    meaning: '`development` (seeds, simulator, development credentials) or `production`',
  }),
  host: defaulted('SOTTO_HOST', readers.text, '127.0.0.1', { meaning: 'Address the HTTP listener binds' }),
  port: defaulted('SOTTO_PORT', readers.whole(0, 65_535), 3000, {
    meaning: 'Port of the HTTP listener; 0 takes a free one',
  }),
  publicUrl: optional('SOTTO_PUBLIC_URL', readers.publicUrl, {
    meaning: 'How the world reaches it; production refuses to start without https here',
    shownDefault: 'the listener',
  }),
  trustedProxies: defaulted('SOTTO_TRUSTED_PROXIES', readers.addressBlocks, [], {
    meaning: 'Addresses or blocks of proxies whose forwarded headers count, separated by commas',
    shownDefault: 'none',
  }),
  proxyRecipient: optional('SOTTO_PROXY_RECIPIENT', readers.recipientKey, {
    meaning:
      'Key of the policy’s recipient that runs trusted proxies outside private networks, such as a CDN; without it they are refused',
  }),
  tlsCertFile: optional('SOTTO_TLS_CERT_FILE', readers.text, {
    meaning: 'Own certificate chain, PEM; together with the key',
  }),
  tlsKeyFile: optional('SOTTO_TLS_KEY_FILE', readers.text, { meaning: 'Key of the own certificate, PEM' }),
  dataDir: defaulted('SOTTO_DATA_DIR', readers.text, '.sotto', {
    meaning: 'Embedded database, development credentials',
  }),
  keysDir: defaulted('SOTTO_KEYS_DIR', readers.text, '.sotto-keys', {
    meaning: 'Embedded key store; keep it out of the data directory and its backups',
  }),
  masterKeyFile: optional('SOTTO_MASTER_KEY_FILE', readers.text, {
    meaning: 'File with the master key (64 hexadecimal digits); production must name it',
    shownDefault: 'a file beside the key store (development only)',
  }),
  erasureLog: optional('SOTTO_ERASURE_LOG', readers.text, {
    meaning:
      'Record of what was erased, replayed after a restore; outside the data directory, the key store and their backups',
    shownDefault: 'a file beside the key store',
  }),
  backupKeyFile: optional('SOTTO_BACKUP_KEY_FILE', readers.text, {
    meaning: 'File with the key or passphrase that seals backups, 24 characters or more',
  }),
  breachListFile: optional('SOTTO_BREACH_LIST_FILE', readers.text, {
    meaning:
      'Passwords known from breaches, beyond the common ones that come along: the first eight octets of SHA-1 hashes, ascending',
    shownDefault: 'none',
  }),
  databaseUrl: secret('SOTTO_DATABASE_URL', readers.postgresUrl, {
    meaning: 'External PostgreSQL 18',
    shownDefault: 'embedded',
  }),
  keysUrl: secret('SOTTO_KEYS_URL', readers.postgresUrl, {
    meaning: 'External key store: a PostgreSQL on another cluster',
    shownDefault: 'embedded',
  }),
  policy: defaulted('SOTTO_POLICY', readers.text, 'standard', {
    meaning: 'Profile name or path of a policy file',
  }),
  abuseFile: optional('SOTTO_ABUSE_FILE', readers.text, {
    meaning: 'File with the operator’s limits, tiers and countries, in JSON; see docs/abuse.md',
    shownDefault: 'the limits of docs/abuse.md',
  }),
  currency: defaulted('SOTTO_CURRENCY', readers.currency, 'EUR', {
    meaning: 'Currency of personal workspaces, ISO 4217; each workspace keeps the one it was opened with',
  }),
  creditAloneMax: defaulted('SOTTO_CREDIT_ALONE_MAX', readers.whole(0, 1_000_000_000), 1_000, {
    meaning:
      'Most that one of the staff credits alone by hand, in units of the workspace’s currency; above it a second person approves',
  }),
  smtpUrl: secret('SOTTO_SMTP_URL', readers.smtpUrl, {
    meaning:
      'Mail server that sends our mail, `smtp://user:password@mail.example.com:587`; TLS is required but on this machine',
    shownDefault: 'none: mail waits; development shows it on a page',
  }),
  mailFrom: optional('SOTTO_MAIL_FROM', readers.mailFrom, {
    meaning: 'Who our mail is from, `Example <no-reply@example.com>`; together with the mail server',
  }),
  inboundSmtpPort: optional('SOTTO_INBOUND_SMTP_PORT', readers.whole(0, 65_535), {
    meaning: 'Port on which mail to support is taken over SMTP; 0 takes a free one',
    shownDefault: 'none: no mail comes in',
  }),
  inboundSmtpHost: defaulted('SOTTO_INBOUND_SMTP_HOST', readers.text, '127.0.0.1', {
    meaning: 'Address that listener binds',
  }),
  mailDomain: optional('SOTTO_MAIL_DOMAIN', readers.mailDomain, {
    meaning: 'Domain of the mailbox `support` that mail comes in for',
  }),
  roles: defaulted('SOTTO_ROLE', readers.listOf(...ROLES), [...ROLES], {
    meaning: 'Roles of this process, separated by commas; the command line has `--role`',
    shownDefault: '`api,worker,carrier`',
  }),
  simulator: optional('SOTTO_SIMULATOR', readers.yesNo, {
    meaning: 'Run the simulated carrier; refused in production',
    shownDefault: '`true` in development',
  }),
  seed: optional('SOTTO_SEED', readers.yesNo, {
    meaning: 'Seed the demo workspace; refused in production',
    shownDefault: '`true` in development',
  }),
  logLevel: optional('SOTTO_LOG_LEVEL', readers.oneOf('debug', 'info', 'warn', 'error', 'silent'), {
    meaning: 'Least severity that is logged: `debug`, `info`, `warn`, `error` or `silent`',
    shownDefault: '`warn` in development, `info` in production',
  }),
  metricsToken: secret('SOTTO_METRICS_TOKEN', readers.token, {
    meaning:
      'Bearer token of `/metrics`, for scrapers; keys with `metrics:read` open it too, nothing else does',
  }),
  databaseConnections: defaulted('SOTTO_DATABASE_CONNECTIONS', readers.whole(2, 200), 8, {
    meaning: 'Connections of one process for shared work; reads for workspaces get half as many more',
  }),
  jobConcurrency: defaulted('SOTTO_JOB_CONCURRENCY', readers.whole(1, 200), 16, {
    meaning: 'Jobs that one worker process runs at once',
  }),
  drainTimeoutMs: defaulted('SOTTO_DRAIN_TIMEOUT_MS', readers.whole(0, 600_000), 25_000, {
    meaning: 'Longest time a stop waits for work under way, in milliseconds',
  }),
  bodyLimitBytes: defaulted('SOTTO_BODY_LIMIT_BYTES', readers.whole(1_024, 67_108_864), 16_777_216, {
    meaning: 'Largest request body, in bytes',
  }),
  diskFreeMinPercent: defaulted('SOTTO_DISK_FREE_MIN_PERCENT', readers.whole(0, 50), 5, {
    meaning: 'Below this share of free disk the process reports itself not ready',
  }),
  jobAgeMaxSeconds: defaulted('SOTTO_JOB_AGE_MAX_SECONDS', readers.whole(1, 86_400), 60, {
    meaning: 'When the oldest due job waits longer, the process reports itself not ready',
  }),
  embeddedSharedBuffersMb: defaulted('SOTTO_EMBEDDED_SHARED_BUFFERS_MB', readers.whole(16, 65_536), 256, {
    meaning: 'Memory the embedded PostgreSQL keeps for pages, in MB',
  }),
  senderLeaseMs: defaulted('SOTTO_SENDER_LEASE_MS', readers.whole(1_000, 600_000), 15_000, {
    meaning: 'Silence after which the parts a sending process had claimed are taken over, in milliseconds',
  }),
  relayHost: defaulted('SOTTO_RELAY_HOST', readers.text, '127.0.0.1', {
    meaning:
      'Where a process that may keep texts in memory alone is reached by the other processes; its own address when they run on several machines',
  }),
  relayPort: defaulted('SOTTO_RELAY_PORT', readers.whole(0, 65_535), 0, {
    meaning: 'Port of the same; 0 takes any free one',
  }),
  failpoints: optional('SOTTO_FAILPOINTS', readers.text, {
    meaning: 'Places where a fault test stops, delays or kills the process; refused in production',
  }),
  countryDatabase: optional('SOTTO_COUNTRY_DATABASE', readers.text, {
    meaning: 'Folder with the data files of `geoip-country`; used where the policy lists the country',
  }),
  sentryDsn: secret('SOTTO_SENTRY_DSN', readers.errorDsn, {
    meaning: 'Collector of scrubbed error reports; used with the feature `error_reports`',
  }),
  analyticsMeasurementId: optional('SOTTO_ANALYTICS_MEASUREMENT_ID', readers.measurementId, {
    meaning: 'Web stream of Google Analytics that gets usage counts; used with the feature `usage_analytics`',
  }),
  analyticsApiSecret: secret('SOTTO_ANALYTICS_API_SECRET', readers.foreignSecret, {
    meaning: 'API secret of that stream',
  }),
  firebaseAppId: optional('SOTTO_FIREBASE_APP_ID', readers.firebaseAppId, {
    meaning: 'App stream of Google Analytics that gets usage counts; used with the feature `usage_analytics`',
  }),
  firebaseAppInstanceId: optional('SOTTO_FIREBASE_APP_INSTANCE_ID', readers.appInstanceId, {
    meaning: 'Installation of the operator’s own app as whose doing the counts are sent',
  }),
  firebaseApiSecret: secret('SOTTO_FIREBASE_API_SECRET', readers.foreignSecret, {
    meaning: 'API secret of that stream',
  }),
  supportTimeZone: defaulted('SOTTO_SUPPORT_TIME_ZONE', readers.timeZone, 'UTC', {
    meaning: 'Time zone in which support works, such as `Europe/Berlin`',
  }),
  supportDays: defaulted(
    'SOTTO_SUPPORT_DAYS',
    readers.listOf('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'),
    ['mon', 'tue', 'wed', 'thu', 'fri'],
    {
      meaning: 'Days on which support works: what the policy promises in business days counts them',
      shownDefault: '`mon,tue,wed,thu,fri`',
    },
  ),
  supportHours: defaulted(
    'SOTTO_SUPPORT_HOURS',
    readers.hoursOfDay,
    { fromMinute: 540, toMinute: 1_020 },
    { meaning: 'Hours of such a day, up to `24:00`', shownDefault: '`09:00-17:00`' },
  ),
  supportHolidays: defaulted('SOTTO_SUPPORT_HOLIDAYS', readers.dates, [], {
    meaning: 'Dates on which support does not work, such as `2026-12-25`, separated by commas',
    shownDefault: 'none',
  }),
  supportReplyHours: defaulted('SOTTO_SUPPORT_REPLY_HOURS', readers.whole(1, 720), 16, {
    meaning:
      'Working hours until the first answer to a request for help is due, where the policy promises no time',
  }),
  stripeSecretKey: secret('SOTTO_STRIPE_SECRET_KEY', readers.foreignSecret, {
    meaning: 'Secret key of Stripe, which takes top-ups; together with the secret of its webhook',
  }),
  stripeWebhookSecret: secret('SOTTO_STRIPE_WEBHOOK_SECRET', readers.foreignSecret, {
    meaning: 'Signing secret of the webhook that calls `/v1/payment-notices/stripe`',
  }),
  btcpayOrigin: optional('SOTTO_BTCPAY_ORIGIN', readers.publicUrl, {
    meaning: 'Address of a BTCPay Server, which takes top-ups in crypto; together with the three below',
  }),
  btcpayStoreId: optional('SOTTO_BTCPAY_STORE_ID', readers.storeId, { meaning: 'Store there' }),
  btcpayApiKey: secret('SOTTO_BTCPAY_API_KEY', readers.foreignSecret, {
    meaning: 'Key there that may create and view invoices',
  }),
  btcpayWebhookSecret: secret('SOTTO_BTCPAY_WEBHOOK_SECRET', readers.foreignSecret, {
    meaning: 'Secret of the webhook that calls `/v1/payment-notices/btcpay`',
  }),
  revenuecatAuthorization: secret('SOTTO_REVENUECAT_AUTHORIZATION', readers.headerSecret, {
    meaning: 'Authorization header with which RevenueCat calls `/v1/payment-notices/revenuecat`',
  }),
  appStoreBundleId: optional('SOTTO_APP_STORE_BUNDLE_ID', readers.appName, {
    meaning:
      'Bundle id of the app whose purchases the App Store tells at `/v1/payment-notices/app-store` (notifications of version 2)',
  }),
  appStoreAppId: optional('SOTTO_APP_STORE_APP_ID', readers.whole(1, 999_999_999_999_999), {
    meaning: 'Apple’s number of that app; production must name it',
  }),
  appStoreEnvironment: optional('SOTTO_APP_STORE_ENVIRONMENT', readers.appStoreEnvironment, {
    meaning: 'Where those purchases are made: `Production` or `Sandbox`, which production refuses',
    shownDefault: '`Sandbox` in development, `Production` in production',
  }),
  appStoreRoots: optional('SOTTO_APP_STORE_ROOTS', readers.fingerprints, {
    meaning: 'SHA-256 fingerprints of the root certificates the App Store signs under',
    shownDefault: 'Apple Root CA - G3',
  }),
  playStorePackageName: optional('SOTTO_PLAY_STORE_PACKAGE_NAME', readers.appName, {
    meaning:
      'Package name of the app whose purchases Google Play tells at `/v1/payment-notices/play-store`; together with the three below',
  }),
  playStorePushAudience: optional('SOTTO_PLAY_STORE_PUSH_AUDIENCE', readers.lineOf(300), {
    meaning: 'Audience of the tokens of the Pub/Sub subscription that pushes there',
  }),
  playStorePushAccount: optional('SOTTO_PLAY_STORE_PUSH_ACCOUNT', readers.serviceAccount, {
    meaning: 'Address of the service account as which it pushes',
  }),
  playStoreAccountKey: secret('SOTTO_PLAY_STORE_ACCOUNT_KEY', readers.serviceAccountKey, {
    meaning: 'Key (JSON) of a service account that may view and acknowledge purchases of the app',
  }),
  storeProducts: defaulted('SOTTO_STORE_PRODUCTS', readers.worths, new Map(), {
    meaning: 'What products of the app stores are worth: `credits_5=5.00 EUR, credits_10=10.00 EUR`',
    shownDefault: 'none',
  }),
  referralBonus: defaulted('SOTTO_REFERRAL_BONUS', readers.amounts, new Map(), {
    meaning:
      'Bonus that a customer and whoever referred them each get, by currency: `5.00 EUR, 20.00 SAR`; none where it is not set',
    shownDefault: 'none',
  }),
  referralAfterDays: defaulted('SOTTO_REFERRAL_AFTER_DAYS', readers.whole(1, 120), 30, {
    meaning: 'Days for which the first top-up has to stand before that bonus is given',
  }),
  subscriptionGraceDays: defaulted('SOTTO_SUBSCRIPTION_GRACE_DAYS', readers.whole(0, 60), 7, {
    meaning: 'Days in which a subscription whose balance does not reach is tried again before it ends',
  }),
  subscriptionCutoffHours: defaulted('SOTTO_SUBSCRIPTION_CUTOFF_HOURS', readers.whole(0, 168), 0, {
    meaning:
      'How long before the end of a period a subscription has to be cancelled so as not to renew, where the policy makes no promise of it',
  }),
  membersMax: optional('SOTTO_MEMBERS_MAX', readers.whole(1, 1_000), {
    meaning: 'Members of a workspace that has no plan which allows more; 1000 where it is not set',
  }),
  keysMax: optional('SOTTO_KEYS_MAX', readers.whole(1, 10_000), {
    meaning:
      'Working API keys of a workspace that has no plan which allows more; no bound where it is not set',
  }),
  invoiceSellerName: optional('SOTTO_INVOICE_SELLER_NAME', readers.lineOf(200), {
    meaning: 'Who sells, on invoices; together with address and country. Without them nothing is invoiced',
  }),
  invoiceSellerAddress: optional('SOTTO_INVOICE_SELLER_ADDRESS', readers.lineOf(300), {
    meaning: 'Address of the seller, on one line',
  }),
  invoiceSellerCountry: optional('SOTTO_INVOICE_SELLER_COUNTRY', readers.countryCode, {
    meaning: 'Country of the seller, such as `SA`',
  }),
  invoiceSellerTaxId: optional('SOTTO_INVOICE_SELLER_TAX_ID', readers.taxNumber, {
    meaning: 'Number of the seller for value added tax',
  }),
  invoiceSeries: defaulted('SOTTO_INVOICE_SERIES', readers.invoiceSeries, 'INV', {
    meaning: 'What the numbers of invoices begin with; those of credit notes have `-CN` behind it',
  }),
  taxRates: defaulted('SOTTO_TAX_RATES', readers.taxRates, [], {
    meaning:
      'Taxes by the country of the buyer: `SA=15% from 2020-07-01, DE=19% from 2021-01-01 reverse`; with `reverse` a ' +
      'buyer abroad who has a tax id owes it',
    shownDefault: 'none',
  }),
  unsafeDurability: defaulted('SOTTO_UNSAFE_DURABILITY', readers.yesNo, false, {
    meaning: 'Accept a database that may lose committed data; tests only, refused in production',
  }),
} as const;
