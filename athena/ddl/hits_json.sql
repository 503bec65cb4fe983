CREATE EXTERNAL TABLE IF NOT EXISTS hits (
  `hit_id` string COMMENT 'UUIDv7, or derived from site and id for a POST item with its own id. The deduplication key',
  `received_at` timestamp COMMENT 'When the request came: UTC, in milliseconds',
  `site` string COMMENT 'The site parameter, else the host of the page; readable, lower-case, without port',
  `host` string COMMENT 'The host of the request to the beacon itself; readable, lower-case, with its port if it names one',
  `path` string COMMENT 'The path of the request to the beacon itself, percent-encoded',
  `event` string COMMENT 'view, or the event parameter',
  `url` string COMMENT 'The page\'s URL without query, fragment and user info, from url or page, else the Referer; readable',
  `page` string COMMENT 'The page\'s path, or its name in page; readable; NULL where a Referer of another origin holds no more than the origin',
  `title` string COMMENT 'The page\'s title, from title, else name',
  `referrer` string COMMENT 'Where the visitor came from, without query, fragment and user info, from ref or referrer',
  `referrer_host` string COMMENT 'The host of referrer; readable, lower-case, without port; of an app with its scheme, as android-app://com.example; of a page of the site itself as site',
  `utm_source` string COMMENT 'From the beacon\'s parameters, else from the query or the fragment of the page\'s URL, there else ref or source; names in any case',
  `utm_medium` string COMMENT 'Like utm_source, without ref and source',
  `utm_campaign` string COMMENT 'Like utm_medium',
  `utm_term` string COMMENT 'Like utm_medium',
  `utm_content` string COMMENT 'Like utm_medium',
  `language` string COMMENT 'The first tag of Accept-Language',
  `ip` string COMMENT 'The visitor\'s address as BEACON_TRUST sees it; only with BEACON_PRIVACY=full',
  `visitor` string COMMENT 'A pseudonym of site, address and user agent for one UTC day: an HMAC whose salt is deleted when the day ends; docs/privacy.md',
  `agent` string COMMENT 'Who asked, by agent_rule: human, bot, mail_proxy, prefetch, scanner or unknown',
  `agent_rule` string COMMENT 'The version of the rules for agents and the rule that decided, as 2026.11/ai.training.gptbot',
  `browser` string COMMENT 'The browser\'s name without version, or that of the app that shows the page, from User-Agent and client hints',
  `os` string COMMENT 'The operating system\'s name without version, from User-Agent, client hints and touch',
  `device` string COMMENT 'phone, tablet, desktop, tv, console, wearable or car, from User-Agent, client hints and touch',
  `country` string COMMENT 'The country\'s code of ISO 3166-1 in capitals, from the trusted edge, else by the address from BEACON_GEOIP; right for about 9 of 10',
  `format` string COMMENT 'The format requested: gif, png, css, js or post',
  `truncated` boolean COMMENT 'Whether a value was cut to its limit or left out for length, or the POST was too small for all that its items share',
  `query_string` string COMMENT 'The query as received; with BEACON_PRIVACY=anonymous built again from the cleaned parameters',
  `params` map<string,string> COMMENT 'Every parameter, or every scalar of the JSON body with dotted names; the first value of a name wins',
  `headers` map<string,string> COMMENT 'The headers that BEACON_PRIVACY and BEACON_KEEP_HEADERS let pass, names in lower case, repeated ones joined by , ',
  `version` string COMMENT 'The version of beacon that wrote the record'
)
PARTITIONED BY (`year` int, `month` int, `day` int, `hour` int)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'case.insensitive' = 'FALSE',
  'ignore.malformed.json' = 'TRUE',
  'serialization.format' = '1'
)
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://BUCKET/hits/'
TBLPROPERTIES (
  'classification' = 'json',
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2026,2035',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'projection.hour.type' = 'integer',
  'projection.hour.range' = '0,23',
  'projection.hour.digits' = '2',
  'storage.location.template' = 's3://BUCKET/hits/year=${year}/month=${month}/day=${day}/hour=${hour}/'
)
