// cdk-nag's AwsSolutions and the CDK's own checks: nothing is left, and nothing is acknowledged that is not found.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { App, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { BeaconEndpoint, BeaconFindings, BeaconFormat, BeaconPartitions } from '../lib/index.js';
import { BOUND_CONDITIONS } from '../lib/findings.js';
import { bindParameters } from '../lib/parameters.js';
import { PACKAGE, code, findingsOf, nestedFiles, sources, stackWith } from './synthesise.mjs';

/** Where a finding's resource is among the constructs. */
function path({ template, resource }) {
  const nested = Object.keys(nestedFiles).find((id) => nestedFiles[id] === template);
  return `Stack/Beacon/Template/${nested ? `${nested}/${nested}/` : ''}${resource}`;
}

test('without the acknowledgements each of them is found, and nothing else', () => {
  const stack = stackWith();
  stack.beacon.stream;
  assert.deepEqual(
    findingsOf(stack),
    BeaconFindings.ALL.map((finding) => `${path(finding)} ${finding.id}`).sort(),
  );
});

test('with them nothing is found, whatever the beacon is made of', () => {
  for (const props of [
    {},
    { endpoint: BeaconEndpoint.HTTP_API, format: BeaconFormat.JSON, basePath: 'stats' },
    {
      partitions: BeaconPartitions.CRAWLER,
      crawlerSchedule: 'cron(15 2 * * ? *)',
      dataRetentionDays: 90,
      alarmEmail: 'ops@blog.example',
      monthlyBudgetUsd: 20,
      transformFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:clean-up',
    },
  ]) {
    const stack = stackWith(props);
    BeaconFindings.acknowledge(stack.beacon);
    assert.deepEqual(findingsOf(stack), [], JSON.stringify(props));
  }
});

test('what is not acknowledged is still found', () => {
  const stack = stackWith();
  BeaconFindings.acknowledge(stack.beacon);
  new s3.CfnBucket(stack.stack, 'Open');
  const found = findingsOf(stack);
  assert.ok(found.includes('Stack/Open AwsSolutions-S1'), found.join('\n'));
});

test("what the construct acknowledges by itself is what the CDK's checks say about bound templates", () => {
  const outdir = mkdtempSync(join(tmpdir(), 'beacon-cdk-bound-'));
  const app = new App({ outdir });
  const stack = new Stack(app, 'Stack');
  new CfnInclude(stack, 'Template', {
    templateFile: join(PACKAGE, 'templates', 'template.yaml'),
    parameters: bindParameters(sources.template, { format: BeaconFormat.JSON, dataRetentionDays: 90 }),
    loadNestedStacks: Object.fromEntries(
      Object.entries(nestedFiles).map(([id, file]) => [id, { templateFile: join(PACKAGE, 'templates', file) }]),
    ),
  }).node.tryRemoveChild('$Rules');
  DeliveryStream.fromDeliveryStreamName(stack, 'Reference', 'stream');
  const found = findingsOf({ app })
    .map((finding) => finding.split(' ')[1])
    .filter((id) => !id.startsWith('AwsSolutions-'));
  rmSync(outdir, { recursive: true });
  assert.deepEqual(
    [...new Set(found)].map((id) => `CloudFormation-Validate::${id}`).sort(),
    BOUND_CONDITIONS.map(({ id }) => id).sort(),
  );
});

test('each reason says why', () => {
  for (const { id, reason } of [...BeaconFindings.ALL, ...BOUND_CONDITIONS]) {
    assert.ok(reason.length > 40 && reason.endsWith('.'), id);
  }
});

test('the sample app synthesises without a word', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'beacon-cdk-sample-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(PACKAGE, 'sample', 'out', 'app.js'), code], {
    env: { ...process.env, CDK_OUTDIR: outdir },
    encoding: 'utf8',
  });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
  assert.ok(existsSync(join(outdir, 'BeaconSample.template.json')));
  rmSync(outdir, { recursive: true });
});
