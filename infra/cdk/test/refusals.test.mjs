// Props that can't work are refused when the app is synthesised, with a message that gives the fix.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { Beacon, BeaconArchitecture, BeaconDashboard } from '../lib/index.js';
import { readRules, settingRefusal } from '../lib/settings.js';
import { PACKAGE, catalogFile, checkRefused, code, sources, stackWith, zip } from './synthesise.mjs';

test('values that the template refuses are refused before they are deployed', () => {
  const fits = (name) => sources.template.Parameters[name].ConstraintDescription;
  checkRefused({ memorySize: 64 }, 'memorySize is "64": give a number from 128 to 10240');
  checkRefused({ dataRetentionDays: -1 }, 'dataRetentionDays is "-1": give a number from 0');
  checkRefused({ timeout: NaN }, 'timeout is "NaN": give a number from 3 to 29');
  checkRefused({ basePath: '/stats' }, `basePath is "/stats": give ${fits('BasePath')}`);
  checkRefused({ database: 'a-b' }, `database is "a-b": give ${fits('Database')}`);
  checkRefused({ privacy: 'none' }, 'privacy is "none": give one of anonymous, full');
  checkRefused({ trust: 'proxies=17' }, `trust is "proxies=17": give ${fits('Trust')}`);
  checkRefused(
    { originSecret: SecretValue.unsafePlainText('short') },
    `originSecret does not fit: give ${fits('OriginSecret')}`,
  );
  checkRefused({ memory: 256 }, 'there is no property memory: remove it, or correct its name');
  checkRefused({ memorySize: 128.5 }, 'memorySize is "128.5": give a whole number from 128 to 10240');
  checkRefused({ timeout: 3.1 }, 'timeout is "3.1": give a whole number from 3 to 29');
  checkRefused({ alarmEmail: 'n' }, `alarmEmail is "n": give ${fits('AlarmEmail')}`);
  // What a budget may have.
  stackWith({ monthlyBudgetUsd: 12.5, alarmEmail: 'ops@blog.example' });
});

test('a value of another type is refused, which as a text might look right', () => {
  checkRefused({ memorySize: '256' }, 'memorySize is "256": give a whole number from 128 to 10240');
  checkRefused({ memorySize: [256] }, 'memorySize is [256]: give a whole number from 128 to 10240');
  checkRefused({ monthlyBudgetUsd: '5' }, 'monthlyBudgetUsd is "5": give a number from 0');
  checkRefused({ logRetentionDays: '30' }, /^logRetentionDays is "30": give one of 1, 3, 5, /);
  checkRefused({ sites: ['a.example'] }, 'sites is ["a.example"]: give a string: entries are separated by commas');
  checkRefused({ sites: null }, 'sites is null: give a string: entries are separated by commas');
  checkRefused({ debug: true }, 'debug is true: give one of on, off');
  checkRefused({ table: 7 }, /^table is 7: give a string: lower-case letters/);
  checkRefused(
    { originSecret: 's'.repeat(32) },
    "originSecret is not a SecretValue (value not shown): give SecretValue.secretsManager('name-of-the-secret'), so that " +
      'it does not stand in the template',
  );
});

test('props that are not there are named', () => {
  for (const [props, shown] of [[undefined, 'not given'], [null, 'null'], ['bootstrap.zip', '"bootstrap.zip"']]) {
    assert.throws(() => new Beacon(new Stack(new App(), 'Stack'), 'Beacon', props), {
      message: `props are ${shown}: give at least the function's code, as { code: 'bootstrap-arm64.zip' }`,
    });
  }
  const source =
    'give bootstrap-arm64.zip of a release, or the folder that make -f infra/Makefile build-Function ' +
    'ARTIFACTS_DIR=<folder> wrote';
  checkRefused({ code: undefined }, `code is not given: ${source}`);
  checkRefused({ code: 5 }, `code is 5, which is not a path: ${source}`);
});

test('settings are refused as the program refuses them', () => {
  const rules = readRules(join(PACKAGE, 'templates', 'settings.json'));
  const cases = JSON.parse(readFileSync(join(PACKAGE, '..', '..', 'tests', 'fixtures', 'settings.json'), 'utf8'));
  assert.ok(cases.length > 200);
  for (const { set, refused } of cases) {
    assert.equal(settingRefusal(rules, set) ?? null, refused, JSON.stringify(set));
  }
  checkRefused(
    { sites: 'https://blog.example' },
    'BEACON_SITES has `https://blog.example`: write hosts without scheme, port or path, like `blog.example` or `*.shop.example`',
  );
  checkRefused(
    { paths: '/i.gif=jpg' },
    'BEACON_PATHS has `/i.gif=jpg`: write `/path=kind` or `/folder/*=kind`, kind one of gif, png, css, js, track, client',
  );
  checkRefused(
    { columns: 'page=params.x', catalogTemplateFile: catalogFile() },
    'BEACON_COLUMNS names a column `page`, which the table has or reserves: choose another name',
  );
  checkRefused(
    { keepHeaders: 'cookie' },
    'BEACON_KEEP_HEADERS has `cookie`, which identifies visitors: leave it out, or set BEACON_PRIVACY=full',
  );
  checkRefused({ sites: 'a'.repeat(4_090) }, /^the function's variables have \d+ bytes together, and Lambda takes 4096: shorten BEACON_SITES/);
  checkRefused({ table: 't'.repeat(90), tablePrefix: 'p'.repeat(90) }, /^tablePrefix and table are 180 characters together/);
});

test("values that the template's rules refuse together are refused", () => {
  checkRefused({ trust: 'cloudfront' }, 'Trust is cloudfront, but OriginSecret is empty. Set it to the edge\'s secret.');
  checkRefused(
    { domainName: 'b.example.com' },
    'DomainName is set, but Endpoint is url. Set Endpoint to http-api, or use infra/edge.yaml.',
  );
  checkRefused(
    { dashboard: BeaconDashboard.ON, dashboardCode: code },
    'Dashboard is on, but DashboardPasswordHash is empty. Set it to what beacon dashboard-password prints.',
  );
  checkRefused(
    { monthlyBudgetUsd: 5 },
    'MonthlyBudgetUsd is set, but AlarmEmail is empty. Set it to the address to notify.',
  );
  checkRefused(
    { crawlerSchedule: 'cron(15 2 * * ? *)' },
    'CrawlerSchedule is set, but Partitions is projection. Set Partitions to crawler.',
  );
});

test('columns need a catalog that has them', () => {
  checkRefused(
    { columns: 'userid=params.userid' },
    'columns is "userid=params.userid", but the table has no such columns: write a catalog with ' +
      'BEACON_COLUMNS="userid=params.userid" beacon schema catalog > catalog.yaml and give it as catalogTemplateFile',
  );
  checkRefused(
    { catalogTemplateFile: '/nowhere/catalog.yaml' },
    'catalogTemplateFile is "/nowhere/catalog.yaml", where nothing is: write it with beacon schema catalog > catalog.yaml',
  );
});

test('code that is not there, or not a program, is refused', () => {
  checkRefused(
    { code: '/nowhere/bootstrap.zip' },
    'code is "/nowhere/bootstrap.zip", where nothing is: give bootstrap-arm64.zip of a release, or the folder that ' +
      'make -f infra/Makefile build-Function ARTIFACTS_DIR=<folder> wrote',
  );
  checkRefused({ code: dirname(code) }, `code is the folder "${dirname(code)}", which holds no program bootstrap`);
  const file = join(dirname(code), 'bootstrap.tar');
  writeFileSync(file, '');
  checkRefused({ code: file }, `code is "${file}": give a zip file, or the folder that holds bootstrap`);
  const source =
    'give bootstrap-arm64.zip of a release, or the folder that make -f infra/Makefile build-Function ' +
    'ARTIFACTS_DIR=<folder> wrote';
  for (const contents of [{ 'README.md': 'x' }, { 'build/bootstrap': 'x' }, { 'bootstrap/main': 'x' }, { 'bootstrap.exe': 'x' }]) {
    const wrong = zip('wrong.zip', contents);
    checkRefused(
      { code: wrong },
      `code is "${wrong}", a zip file, which holds no program bootstrap at its root, which Lambda starts: ${source}`,
    );
  }
  const torn = join(dirname(code), 'torn.zip');
  writeFileSync(torn, 'PK');
  checkRefused({ code: torn }, /^code is ".*torn\.zip", which can't be read as a zip file \(.+\): give bootstrap-arm64\.zip/);
  checkRefused(
    { code, architecture: BeaconArchitecture.X86_64 },
    `code is "${code}", built for arm64, but architecture is x86_64: give bootstrap-x86_64.zip, or set architecture to arm64`,
  );
});

test('a stack takes one beacon', () => {
  const { stack } = stackWith();
  assert.throws(
    () => new Beacon(stack, 'Another', { code }),
    /^Error: the stack Stack has the beacon Stack\/Beacon already: give Stack\/Another a stack of its own$/,
  );
});
