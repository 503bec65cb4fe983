// What is synthesised, against infra/template.yaml and the templates nested in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, NestedStack, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  Beacon,
  BeaconArchitecture,
  BeaconDashboard,
  BeaconDebug,
  BeaconEndpoint,
  BeaconFindings,
  BeaconFormat,
  BeaconLakeFormation,
  BeaconPartitions,
  BeaconPrivacy,
  BeaconHonourGpc,
  BeaconRequireOriginSecret,
  BeaconRobots,
  BeaconVisitors,
} from '../lib/index.js';
import { X86_64, catalogFile, checkRefused, code, findingsOf, nestedFiles, program, sources, stackWith, templatesOf, zip } from './synthesise.mjs';

/** The names of the secrets, in the vault that CloudFormation resolves them from. */
const SECRETS = {
  originSecret: 'edge-secret',
  dashboardPasswordHash: 'dashboard-password-hash',
  dashboardKey: 'dashboard-key',
};

/** A value for each parameter that is not its default, and that occurs nowhere else. */
const EVERY_PROPERTY = {
  endpoint: BeaconEndpoint.HTTP_API,
  throttleRate: 1234,
  throttleBurst: 2345,
  domainName: 'pixel.blog.example',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f1e',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  basePath: 'stats/of/mine',
  privacy: BeaconPrivacy.FULL,
  visitors: BeaconVisitors.OFF,
  honourGpc: BeaconHonourGpc.ON,
  keepHeaders: 'x-kept-header',
  sites: 'sites.blog.example',
  columns: 'userid=params.userid',
  paths: '/a-path.gif=gif',
  trust: 'cloudfront',
  originSecret: SecretValue.secretsManager(SECRETS.originSecret),
  requireOriginSecret: BeaconRequireOriginSecret.OFF,
  robots: BeaconRobots.ALLOW,
  debug: BeaconDebug.ON,
  architecture: BeaconArchitecture.X86_64,
  memorySize: 257,
  timeout: 13,
  reservedConcurrency: 77,
  logRetentionDays: 731,
  format: BeaconFormat.ORC,
  bufferIntervalSeconds: 611,
  bufferSizeMiB: 67,
  transformFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:clean-up',
  dataRetentionDays: 397,
  tieringDays: 61,
  partitions: BeaconPartitions.CRAWLER,
  crawlerSchedule: 'cron(15 2 * * ? *)',
  database: 'a_database',
  table: 'a_table',
  tablePrefix: 'tp_',
  lakeFormation: BeaconLakeFormation.ON,
  scanCutoffBytes: 21474836480,
  dashboard: BeaconDashboard.ON,
  dashboardPasswordHash: SecretValue.secretsManager(SECRETS.dashboardPasswordHash),
  dashboardKey: SecretValue.secretsManager(SECRETS.dashboardKey),
  dashboardConcurrency: 19,
  alarmEmail: 'ops@blog.example',
  monthlyBudgetUsd: 43,
};

const byDefault = stackWith();
const ofDefault = templatesOf(byDefault);
const x86Code = zip('bootstrap-x86_64.zip', { bootstrap: program(X86_64) });
const everything = stackWith({
  ...EVERY_PROPERTY,
  code: x86Code,
  dashboardCode: x86Code,
  catalogTemplateFile: catalogFile(),
});
const ofEverything = templatesOf(everything);

const types = (template) =>
  Object.fromEntries(Object.entries(template.Resources).map(([id, { Type }]) => [id, Type]));

test('the resources are those of the templates, under their ids, and no others', () => {
  for (const synthesised of [ofDefault, ofEverything]) {
    for (const part of Object.keys(sources)) {
      assert.deepEqual(types(synthesised[part]), types(sources[part]), part);
    }
  }
});

test('a resource keeps its condition, its policies and what it waits for', () => {
  for (const part of Object.keys(sources)) {
    for (const [id, resource] of Object.entries(sources[part].Resources)) {
      const synthesised = ofDefault[part].Resources[id];
      for (const attribute of ['Condition', 'DeletionPolicy', 'UpdateReplacePolicy']) {
        assert.equal(synthesised[attribute], resource[attribute], `${id} ${attribute}`);
      }
      assert.deepEqual([synthesised.DependsOn ?? []].flat(), [resource.DependsOn ?? []].flat(), `${id} DependsOn`);
      assert.deepEqual(
        Object.keys(synthesised.Properties ?? {}).sort(),
        Object.keys(resource.Properties ?? {}).sort(),
        `${id} Properties`,
      );
    }
  }
});

test('outputs and conditions are all there', () => {
  for (const section of ['Outputs', 'Conditions']) {
    assert.deepEqual(Object.keys(ofDefault.template[section]), Object.keys(sources.template[section]), section);
  }
  for (const nested of Object.keys(nestedFiles)) {
    assert.deepEqual(Object.keys(ofDefault[nested].Outputs), Object.keys(sources[nested].Outputs), nested);
  }
});

test('every parameter is bound, and no reference to one is left', () => {
  for (const { template } of [ofDefault, ofEverything]) {
    assert.deepEqual(Object.keys(template.Parameters), ['BootstrapVersion']);
    const text = JSON.stringify({ ...template, Metadata: undefined });
    for (const name of Object.keys(sources.template.Parameters)) {
      assert.ok(!text.includes(`{"Ref":"${name}"}`), name);
      assert.ok(!text.includes(`\${${name}}`), name);
    }
  }
});

test('every property arrives in the template', () => {
  const names = Object.keys(EVERY_PROPERTY).map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  assert.deepEqual(names.sort(), Object.keys(sources.template.Parameters).sort());
  const text = JSON.stringify(ofEverything.template);
  const before = JSON.stringify(ofDefault.template);
  const { Variables: variables } = ofEverything.template.Resources.Function.Properties.Environment;
  for (const [property, value] of Object.entries(EVERY_PROPERTY)) {
    if (property === 'requireOriginSecret') {
      // Many switches are off, so counting the word shows nothing.
      assert.deepEqual(variables.BEACON_REQUIRE_ORIGIN_SECRET, { 'Fn::If': ['HasEdge', value, 'off'] });
      continue;
    }
    if (property === 'visitors') {
      assert.equal(variables.BEACON_VISITORS, value);
      continue;
    }
    if (property in SECRETS) {
      assert.ok(text.includes(`{{resolve:secretsmanager:${SECRETS[property]}:SecretString:::}}`), property);
      continue;
    }
    const word = new RegExp(`(?<![0-9A-Za-z])${String(value).replaceAll(/[^\w]/g, '\\$&')}(?![0-9A-Za-z])`, 'g');
    const count = (searched) => searched.match(word)?.length ?? 0;
    assert.ok(count(text) > count(before), `${property}: ${count(before)} before, ${count(text)} after`);
  }
});

test("a value is bound with the type that the resource's property has", () => {
  const { Properties } = ofEverything.template.Resources.Function;
  assert.equal(Properties.MemorySize, 257);
  assert.equal(Properties.Timeout, 13);
  assert.deepEqual(Properties.Architectures, ['x86_64']);
  assert.equal(ofEverything.template.Resources.FunctionLogGroup.Properties.RetentionInDays, 731);
});

test('the code is an asset, and nothing of the path to build it from is left', () => {
  const { Bucket, Key } = ofDefault.template.Resources.Function.Properties.CodeUri;
  assert.match(Bucket['Fn::Sub'], /^cdk-hnb659fds-assets-/);
  assert.match(Key, /^[0-9a-f]{64}\.zip$/);
});

test('the dashboard has code of its own, and any where it is not made', () => {
  const codeOf = (templates, id) =>
    (id === 'Function' ? templates.template : templates.DashboardStack).Resources[id].Properties.CodeUri;
  assert.deepEqual(codeOf(ofDefault, 'DashboardFunction'), codeOf(ofDefault, 'Function'));
  const file = zip('dashboard-arm64.zip', { bootstrap: 'the program of the dashboard' });
  const secret = SecretValue.secretsManager('dashboard');
  const on = { dashboard: BeaconDashboard.ON, dashboardPasswordHash: secret, dashboardKey: secret };
  const withDashboard = stackWith({ ...on, dashboardCode: file });
  const synthesised = templatesOf(withDashboard);
  assert.notDeepEqual(codeOf(synthesised, 'DashboardFunction'), codeOf(synthesised, 'Function'));
  assert.equal(byDefault.beacon.dashboardUrl, undefined);
  assert.deepEqual(withDashboard.stack.resolve(withDashboard.beacon.dashboardUrl), {
    'Fn::GetAtt': ['DashboardStack', 'Outputs.Url'],
  });
  checkRefused(
    on,
    'dashboard is on, but dashboardCode is not given: give dashboard-arm64.zip of a release, or the folder that ' +
      'make -f infra/Makefile build-DashboardFunction ARTIFACTS_DIR=<folder> wrote',
  );
  checkRefused(
    { ...on, dashboardCode: '/nowhere/dashboard.zip' },
    'dashboardCode is "/nowhere/dashboard.zip", where nothing is: give dashboard-arm64.zip of a release, or the folder ' +
      'that make -f infra/Makefile build-DashboardFunction ARTIFACTS_DIR=<folder> wrote',
  );
});

test('accessors name the resources', () => {
  const resolve = (value) => byDefault.stack.resolve(value);
  const { beacon } = byDefault;
  assert.deepEqual(resolve(beacon.bucket.bucketName), { Ref: 'Bucket' });
  assert.deepEqual(resolve(beacon.function.functionArn), { 'Fn::GetAtt': ['Function', 'Arn'] });
  assert.deepEqual(resolve(beacon.stream.deliveryStreamArn), { 'Fn::GetAtt': ['StreamStack', 'Outputs.StreamArn'] });
  assert.equal(beacon.stream, beacon.stream);
  assert.deepEqual(resolve(beacon.alarmTopic.topicArn), { 'Fn::GetAtt': ['AlarmStack', 'Outputs.AlarmTopicArn'] });
  assert.deepEqual(resolve(beacon.databaseName), { 'Fn::GetAtt': ['Catalog', 'Outputs.DatabaseName'] });
  assert.deepEqual(resolve(beacon.tableName), { 'Fn::GetAtt': ['Catalog', 'Outputs.TableName'] });
  assert.deepEqual(resolve(beacon.workGroupName), { 'Fn::GetAtt': ['Catalog', 'Outputs.WorkGroupName'] });
  for (const name of ['DatabaseName', 'TableName', 'WorkGroupName']) {
    assert.ok(name in sources.Catalog.Outputs, name);
  }
});

test('the addresses follow endpoint, domain and base path', () => {
  const host = { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['FunctionUrl', 'FunctionUrl'] }] }] };
  assert.deepEqual(byDefault.stack.resolve(byDefault.beacon.pixelUrl), {
    'Fn::Join': ['', ['https://', host, '/pixel.gif']],
  });
  assert.deepEqual(byDefault.stack.resolve(byDefault.beacon.originDomain), host);
  assert.equal(everything.beacon.pixelUrl, 'https://pixel.blog.example/stats/of/mine/pixel.gif');
  assert.equal(everything.beacon.endpointUrl, 'https://pixel.blog.example/stats/of/mine');
  const origin = JSON.stringify(everything.stack.resolve(everything.beacon.originDomain));
  assert.equal(origin, '{"Fn::GetAtt":["HttpApiStack","Outputs.ApiHost"]}');
});

test("a database is called after its stack, in lower case, unless it has a name", () => {
  const databaseOf = (stackName, props = {}) => {
    const stack = new Stack(new App(), stackName);
    new Beacon(stack, 'Beacon', { code, ...props });
    return Template.fromStack(stack).toJSON().Resources.Catalog.Properties.Parameters.Database;
  };
  assert.match(JSON.stringify(databaseOf('Stats-OfShop')), /"stats_ofshop"/);
  assert.match(JSON.stringify(databaseOf('Another')), /"another"/);
  assert.match(JSON.stringify(databaseOf('Another', { database: 'beacon' })), /"beacon"/);
});

test('a nested stack, whose name nobody knows yet, needs a database', () => {
  const nested = () => new NestedStack(new Stack(new App(), 'Stack'), 'Nested');
  assert.throws(
    () => new Beacon(nested(), 'Beacon', { code }),
    /^Error: database is not given, and the name of a nested stack is only known when it is deployed: give a name/,
  );
  new Beacon(nested(), 'Beacon', { code, database: 'a_database' });
});

test('what no property reaches can be had by its id', () => {
  const { beacon, stack } = stackWith();
  beacon.resource('Bucket').addPropertyOverride('AccelerateConfiguration.AccelerationStatus', 'Enabled');
  beacon.resource('WorkGroup').addPropertyOverride('Description', 'mine');
  const { template, Catalog } = templatesOf({ stack, beacon });
  assert.equal(template.Resources.Bucket.Properties.AccelerateConfiguration.AccelerationStatus, 'Enabled');
  assert.equal(Catalog.Resources.WorkGroup.Properties.Description, 'mine');
});

test('a dashboard is quiet, whatever the endpoint', () => {
  const secret = SecretValue.secretsManager('dashboard');
  const on = { dashboard: BeaconDashboard.ON, dashboardCode: code, dashboardPasswordHash: secret, dashboardKey: secret };
  const pasted = ({ template }) => template.Resources.DashboardStack.Properties.Parameters.Endpoint;
  const url = { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['FunctionUrl', 'FunctionUrl'] }] }] };
  const edge = { trust: 'cloudfront', originSecret: SecretValue.secretsManager('edge') };
  for (const [props, endpoint] of [
    [{}, { 'Fn::Join': ['', ['https://', url]] }],
    [{ endpoint: BeaconEndpoint.HTTP_API, domainName: 'b.example', certificateArn: EVERY_PROPERTY.certificateArn }, 'https://b.example'],
    [edge, ''],
  ]) {
    const stack = stackWith({ ...on, ...props });
    BeaconFindings.acknowledge(stack.beacon);
    assert.deepEqual(findingsOf(stack), [], JSON.stringify(props));
    assert.deepEqual(pasted(templatesOf(stackWith({ ...on, ...props }))), endpoint);
  }
});
