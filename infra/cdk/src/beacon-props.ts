import type { SecretValue } from 'aws-cdk-lib';

/** Where requests arrive. */
export enum BeaconEndpoint {
  /** A Lambda function URL: free beside the function itself. */
  URL = 'url',
  /** An API Gateway HTTP API: 1.00 USD per million requests more, with throttling and a custom domain. */
  HTTP_API = 'http-api',
}

/** What a record stores of a request. */
export enum BeaconPrivacy {
  /** No IP addresses, only allow-listed headers, and URLs without query strings. */
  ANONYMOUS = 'anonymous',
  /** Everything in a request but credentials. */
  FULL = 'full',
}

/** Whether visitors are counted. */
export enum BeaconVisitors {
  /** For a day, by a hash under a random salt that a DynamoDB table holds until midnight UTC. */
  ON = 'on',
  /** There is no table, and the column `visitor` is empty. */
  OFF = 'off',
}

/** Whether a visitor who objects by `Sec-GPC` or `DNT` is left out of the visitors. */
export enum BeaconHonourGpc {
  /** Such a hit has no visitor. It is recorded. */
  ON = 'on',
  /** Such a hit has a visitor like any other. */
  OFF = 'off',
}

/** What `/robots.txt` says to crawlers and AI agents. */
export enum BeaconRobots {
  /** They may request the beacon. */
  ALLOW = 'allow',
  /** They are asked to stay away. */
  DISALLOW = 'disallow',
}

/** Whether `?debug=1` returns the record that would be stored. */
export enum BeaconDebug {
  /** It does, without storing it. */
  ON = 'on',
  /** It is an ordinary parameter. */
  OFF = 'off',
}

/** Whether requests that bypass the edge are refused. */
export enum BeaconRequireOriginSecret {
  /** They get 403, with `trust: 'cloudfront'`; without an edge, all requests are served. */
  ON = 'on',
  /** They are served: while pages still use the endpoint's own address, and while the secret changes. */
  OFF = 'off',
}

/** Whether there is a dashboard. */
export enum BeaconDashboard {
  /** A function with its own URL serves it over Athena. */
  ON = 'on',
  /** There is none. */
  OFF = 'off',
}

/** Whether the roles get grants in AWS Lake Formation in addition to their policies. */
export enum BeaconLakeFormation {
  /** They do: Lake Formation governs the Glue catalog of the account. */
  ON = 'on',
  /** Their policies are enough. */
  OFF = 'off',
}

/** The architecture of the functions. */
export enum BeaconArchitecture {
  /** Graviton, a fifth cheaper. */
  ARM_64 = 'arm64',
  /** Intel and AMD. */
  X86_64 = 'x86_64',
}

/** The format of the files in the bucket. */
export enum BeaconFormat {
  /** Parquet, converted by the stream. */
  PARQUET = 'parquet',
  /** ORC, converted by the stream. */
  ORC = 'orc',
  /** gzip of one JSON object per line, not converted. */
  JSON = 'json',
}

/** How partitions become known to Athena. */
export enum BeaconPartitions {
  /** Computed by a rule: new hours can be queried at once, at no cost. */
  PROJECTION = 'projection',
  /** Registered by a Glue crawler. */
  CRAWLER = 'crawler',
}

/**
 * Properties of a beacon. Each property but `code`, `dashboardCode` and `catalogTemplateFile` is the parameter of the
 * same name in `infra/template.yaml`: a value that its constraints or rules refuse is refused when the app is
 * synthesised.
 */
export interface BeaconProps {
  /**
   * The function's code: a zip file with the program `bootstrap` at its root, as `bootstrap-arm64.zip` of a release,
   * or a folder that holds that program. It must be built for `architecture`.
   */
  readonly code: string;

  /**
   * The code of the dashboard's function: a zip file or a folder as `code`, from
   * `make -f infra/Makefile build-DashboardFunction` or `dashboard-arm64.zip` of a release.
   *
   * @default - none; needed where `dashboard` is on
   */
  readonly dashboardCode?: string;

  /**
   * The catalog's template with custom columns, which `columns` needs:
   * `BEACON_COLUMNS=… beacon schema catalog > catalog.yaml` writes it.
   *
   * @default - the package's own, without custom columns
   */
  readonly catalogTemplateFile?: string;

  /**
   * Where requests arrive.
   *
   * @default BeaconEndpoint.URL
   */
  readonly endpoint?: BeaconEndpoint;

  /**
   * HTTP API: requests per second above which callers get 429.
   *
   * @default 1000
   */
  readonly throttleRate?: number;

  /**
   * HTTP API: concurrent requests above which callers get 429.
   *
   * @default 2000
   */
  readonly throttleBurst?: number;

  /**
   * HTTP API: a custom domain, such as `b.example.com`. Needs `certificateArn`.
   *
   * @default - the API's own host
   */
  readonly domainName?: string;

  /**
   * The certificate of `domainName`, in the stack's region.
   *
   * @default - none
   */
  readonly certificateArn?: string;

  /**
   * The Route 53 zone that gets the alias record of `domainName`.
   *
   * @default - its DNS is elsewhere
   */
  readonly hostedZoneId?: string;

  /**
   * A path prefix for all endpoints, such as `stats`, without leading or trailing slash.
   *
   * @default - no prefix
   */
  readonly basePath?: string;

  /**
   * What a record stores of a request.
   *
   * @default BeaconPrivacy.ANONYMOUS
   */
  readonly privacy?: BeaconPrivacy;

  /**
   * Whether visitors are counted, for a day each.
   *
   * @default BeaconVisitors.ON
   */
  readonly visitors?: BeaconVisitors;

  /**
   * Whether a visitor who objects by `Sec-GPC` or `DNT` is left out of the visitors.
   *
   * @default BeaconHonourGpc.OFF
   */
  readonly honourGpc?: BeaconHonourGpc;

  /**
   * More headers to store, as `name,name`.
   *
   * @default - none
   */
  readonly keepHeaders?: string;

  /**
   * Record hits of these sites only, as `blog.example,*.shop.example`.
   *
   * @default - all sites
   */
  readonly sites?: string;

  /**
   * Parameters and headers that get custom columns, as `userid=params.userid,ua=headers.user-agent`. The table needs
   * them too, so give `catalogTemplateFile`.
   *
   * @default - none
   */
  readonly columns?: string;

  /**
   * More paths, as `/i.gif=gif,/s/*=css,/a.js=client`.
   *
   * @default - none
   */
  readonly paths?: string;

  /**
   * Who may report the visitor's IP address: `none`, `cloudfront`, which needs `originSecret`, or `proxies=N` for the
   * last N entries of X-Forwarded-For.
   *
   * @default none
   */
  readonly trust?: string;

  /**
   * The secret that the edge sends as `x-beacon-origin-secret`: 32 to 128 letters and digits.
   *
   * @default - none
   */
  readonly originSecret?: SecretValue;

  /**
   * Whether requests without the secret get 403, so that nobody can bypass the edge and its firewall.
   *
   * @default BeaconRequireOriginSecret.ON
   */
  readonly requireOriginSecret?: BeaconRequireOriginSecret;

  /**
   * What `/robots.txt` says to crawlers and AI agents.
   *
   * @default BeaconRobots.DISALLOW
   */
  readonly robots?: BeaconRobots;

  /**
   * Whether `?debug=1` returns the record that would be stored, without storing it.
   *
   * @default BeaconDebug.OFF
   */
  readonly debug?: BeaconDebug;

  /**
   * The architecture that `code` was built for.
   *
   * @default BeaconArchitecture.ARM_64
   */
  readonly architecture?: BeaconArchitecture;

  /**
   * The function's memory in MiB.
   *
   * @default 128
   */
  readonly memorySize?: number;

  /**
   * Seconds that one request may take, including retries to the stream.
   *
   * @default 10
   */
  readonly timeout?: number;

  /**
   * Maximum number of concurrent requests, to limit the bill; 0 reserves nothing.
   *
   * @default 0
   */
  readonly reservedConcurrency?: number;

  /**
   * Days to keep logs.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;

  /**
   * The format of the files.
   *
   * @default BeaconFormat.PARQUET
   */
  readonly format?: BeaconFormat;

  /**
   * Seconds until hits are in the bucket. Every query opens each file of its days: 900 makes a third as many files as
   * 300. Set 900 if nobody watches hits arrive.
   *
   * @default 300
   */
  readonly bufferIntervalSeconds?: number;

  /**
   * MiB of records after which a file is written before the interval ends.
   *
   * @default 128
   */
  readonly bufferSizeMiB?: number;

  /**
   * The ARN of a custom function that transforms records before the stream writes them.
   *
   * @default - none
   */
  readonly transformFunctionArn?: string;

  /**
   * Days after which hits and error objects are deleted; 0 keeps them.
   *
   * @default 0
   */
  readonly dataRetentionDays?: number;

  /**
   * Days after which hits move to Intelligent-Tiering; 0 keeps them in Standard.
   *
   * @default 0
   */
  readonly tieringDays?: number;

  /**
   * How partitions become known to Athena.
   *
   * @default BeaconPartitions.PROJECTION
   */
  readonly partitions?: BeaconPartitions;

  /**
   * When the crawler runs, in UTC, such as `cron(15 2 * * ? *)`.
   *
   * @default - only when started by hand
   */
  readonly crawlerSchedule?: string;

  /**
   * The Glue database that the stack creates. Changing it on an existing stack creates a new database and removes the
   * old one.
   *
   * @default - the stack's name in lower case, with `_` for each hyphen
   */
  readonly database?: string;

  /**
   * Name of the table of hits.
   *
   * @default hits
   */
  readonly table?: string;

  /**
   * Prefix for the names of table and views, such as `tp_`.
   *
   * @default - no prefix
   */
  readonly tablePrefix?: string;

  /**
   * Whether stream, crawler and dashboard get grants in AWS Lake Formation. Needed if Lake Formation governs the Glue
   * catalog.
   *
   * @default BeaconLakeFormation.OFF
   */
  readonly lakeFormation?: BeaconLakeFormation;

  /**
   * Bytes scanned after which Athena cancels a query.
   *
   * @default 10737418240
   */
  readonly scanCutoffBytes?: number;

  /**
   * Whether there is a dashboard: a function with its own URL that serves it over Athena. It needs
   * `dashboardCode`, `dashboardPasswordHash` and `dashboardKey`.
   *
   * @default BeaconDashboard.OFF
   */
  readonly dashboard?: BeaconDashboard;

  /**
   * Hash of the dashboard's password, as printed by `beacon dashboard-password`.
   *
   * @default - none
   */
  readonly dashboardPasswordHash?: SecretValue;

  /**
   * Key that signs the dashboard's sessions: 32 to 128 letters and digits. A new key ends them all, and the share links
   * that beacon 0.1.0 made.
   *
   * @default - none
   */
  readonly dashboardKey?: SecretValue;

  /**
   * Maximum number of concurrent dashboard requests, so that password guessing can't take capacity from the pixel; 0
   * reserves nothing.
   *
   * @default 0
   */
  readonly dashboardConcurrency?: number;

  /**
   * Email address for alarms; it must confirm a first message.
   *
   * @default - none
   */
  readonly alarmEmail?: string;

  /**
   * Monthly limit in USD for the whole account; `alarmEmail` is notified at 80%. 0 for no budget.
   *
   * @default 0
   */
  readonly monthlyBudgetUsd?: number;
}
