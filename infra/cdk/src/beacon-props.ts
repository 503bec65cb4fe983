import type { SecretValue } from 'aws-cdk-lib';

/** Where requests arrive. */
export enum BeaconEndpoint {
  /** A Lambda function URL: nothing to pay beside the function. */
  URL = 'url',
  /** An API Gateway HTTP API: 1.00 USD a million requests on top, with throttling and a domain of one's own. */
  HTTP_API = 'http-api',
}

/** What a record keeps of a request. */
export enum BeaconPrivacy {
  /** No address, headers by allow-list, URLs without query. */
  ANONYMOUS = 'anonymous',
  /** All that a request carried. */
  FULL = 'full',
}

/** Whether `?debug=1` answers with the record that would be stored. */
export enum BeaconDebug {
  /** It does, and stores nothing. */
  ON = 'on',
  /** It is a parameter like any other. */
  OFF = 'off',
}

/** Whether requests that go around the edge are answered. */
export enum BeaconRequireOriginSecret {
  /** They get 403, with `trust: 'cloudfront'`; without an edge all are answered. */
  ON = 'on',
  /** They are answered: while pages still name the endpoint's own address, and while the secret changes. */
  OFF = 'off',
}

/** Whether there is a dashboard. */
export enum BeaconDashboard {
  /** A function with a URL of its own shows it, over Athena. */
  ON = 'on',
  /** There is none. */
  OFF = 'off',
}

/** Whether the roles get grants in AWS Lake Formation, beside their policies. */
export enum BeaconLakeFormation {
  /** They do: Lake Formation governs the Glue catalogue of the account. */
  ON = 'on',
  /** Their policies are enough. */
  OFF = 'off',
}

/** The processor of the function. */
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
  /** GZIP of one JSON object a line, without conversion. */
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
 * What a beacon is made from. Each property but `code` and `catalogTemplateFile` is the parameter of
 * `infra/template.yaml` of the same name, whose rules hold for it: a value that they refuse is refused when the app
 * is synthesised.
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
   * The template of the catalogue, where `columns` gives the table more columns than the package's own has:
   * `BEACON_COLUMNS=… beacon schema catalog > catalog.yaml` writes it.
   *
   * @default - the package's own, for a beacon without columns of its own
   */
  readonly catalogTemplateFile?: string;

  /**
   * Where requests arrive.
   *
   * @default BeaconEndpoint.URL
   */
  readonly endpoint?: BeaconEndpoint;

  /**
   * HTTP API: requests a second before callers get 429.
   *
   * @default 1000
   */
  readonly throttleRate?: number;

  /**
   * HTTP API: requests at once before callers get 429.
   *
   * @default 2000
   */
  readonly throttleBurst?: number;

  /**
   * HTTP API: a host of one's own, such as `b.example.com`. Needs `certificateArn`.
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
   * The Route 53 zone that gets the alias of `domainName`.
   *
   * @default - the name is kept elsewhere
   */
  readonly hostedZoneId?: string;

  /**
   * A path that everything lies below, such as `stats`, without slash at its ends.
   *
   * @default - everything lies at the root
   */
  readonly basePath?: string;

  /**
   * What a record keeps of a request.
   *
   * @default BeaconPrivacy.ANONYMOUS
   */
  readonly privacy?: BeaconPrivacy;

  /**
   * More headers that `BeaconPrivacy.ANONYMOUS` may keep, as `name,name`.
   *
   * @default - none
   */
  readonly keepHeaders?: string;

  /**
   * The only sites whose hits are recorded, as `blog.example,*.shop.example`.
   *
   * @default - all
   */
  readonly sites?: string;

  /**
   * Parameters and headers that get a column of their own, as `userid=params.userid,ua=headers.user-agent`. The table
   * has to have them too, so they need `catalogTemplateFile`.
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
   * Who may name the visitor's address: `none`, `cloudfront`, which needs `originSecret`, or `proxies=N` for the last N
   * entries of X-Forwarded-For.
   *
   * @default none
   */
  readonly trust?: string;

  /**
   * What the edge sends as `x-beacon-origin-secret` to prove itself: 32 to 128 letters and digits.
   *
   * @default - none
   */
  readonly originSecret?: SecretValue;

  /**
   * Whether requests without the secret get 403, so that nobody gets around the edge and its firewall.
   *
   * @default BeaconRequireOriginSecret.ON
   */
  readonly requireOriginSecret?: BeaconRequireOriginSecret;

  /**
   * Whether `?debug=1` answers with the record that would be stored.
   *
   * @default BeaconDebug.OFF
   */
  readonly debug?: BeaconDebug;

  /**
   * The processor that `code` was built for.
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
   * Seconds that one request may take, retries to the stream included.
   *
   * @default 10
   */
  readonly timeout?: number;

  /**
   * Most requests at once, as a guard against a bill; 0 reserves nothing.
   *
   * @default 0
   */
  readonly reservedConcurrency?: number;

  /**
   * Days that logs are kept.
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
   * Seconds until hits are in the bucket. With 900 there are a third as many files as with 300, each of which every
   * question opens: enough where nobody watches hits arrive.
   *
   * @default 300
   */
  readonly bufferIntervalSeconds?: number;

  /**
   * MiB of records after which a file is written before the interval is over.
   *
   * @default 128
   */
  readonly bufferSizeMiB?: number;

  /**
   * A function of one's own, by ARN, through which the stream sends records before it writes them.
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
   * Days after which hits move to the Intelligent-Tiering class; 0 leaves them in Standard.
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
   * When the crawler runs, UTC, such as `cron(15 2 * * ? *)`.
   *
   * @default - when it is started by hand
   */
  readonly crawlerSchedule?: string;

  /**
   * The Glue database that the stack makes. Give `beacon` to a stack that 0.1.0 has made: another name makes a new
   * database and removes that one.
   *
   * @default - the stack's name in lower case, with `_` for each hyphen
   */
  readonly database?: string;

  /**
   * The table of hits.
   *
   * @default hits
   */
  readonly table?: string;

  /**
   * What goes in front of the names of table and views, such as `tp_`.
   *
   * @default - nothing
   */
  readonly tablePrefix?: string;

  /**
   * Whether stream, crawler and dashboard get grants in AWS Lake Formation: for accounts where that governs the Glue
   * catalogue.
   *
   * @default BeaconLakeFormation.OFF
   */
  readonly lakeFormation?: BeaconLakeFormation;

  /**
   * Bytes after which Athena cancels a query.
   *
   * @default 10737418240
   */
  readonly scanCutoffBytes?: number;

  /**
   * Whether there is a dashboard: a function with a URL of its own that shows it over Athena. It needs
   * `dashboardCode`, `dashboardPasswordHash` and `dashboardKey`.
   *
   * @default BeaconDashboard.OFF
   */
  readonly dashboard?: BeaconDashboard;

  /**
   * The hash of the dashboard's password, as `beacon dashboard-password` prints it.
   *
   * @default - none
   */
  readonly dashboardPasswordHash?: SecretValue;

  /**
   * What signs the dashboard's sessions and share links: 32 to 128 letters and digits. Another one ends them all.
   *
   * @default - none
   */
  readonly dashboardKey?: SecretValue;

  /**
   * Most requests to the dashboard at once, so that whoever tries passwords takes nothing from the pixel; 0 reserves
   * nothing.
   *
   * @default 0
   */
  readonly dashboardConcurrency?: number;

  /**
   * Who is told of alarms, after confirming a first mail.
   *
   * @default - nobody
   */
  readonly alarmEmail?: string;

  /**
   * USD a month that this account should stay below; `alarmEmail` is told at 80%. 0 makes no budget.
   *
   * @default 0
   */
  readonly monthlyBudgetUsd?: number;
}
