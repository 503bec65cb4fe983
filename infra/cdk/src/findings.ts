import { type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Gives access to the templates' resources, as `Beacon` does. */
export interface IBeaconResources {
  /**
   * Returns a resource by its logical id.
   *
   * @param logicalId its name in the templates
   */
  resource(logicalId: string): CfnResource;
}

/** One accepted finding. */
export interface BeaconFinding {
  /** The template that has the resource. */
  readonly template: string;

  /** The logical id of the resource in `template`. */
  readonly resource: string;

  /** The rule and, where it has several findings, the finding: `AwsSolutions-IAM5[Resource::…]`. */
  readonly id: string;

  /** Why it is accepted. */
  readonly reason: string;
}

/** Findings of cdk-nag's AwsSolutions checks in the templates, with the reason for accepting each. */
export class BeaconFindings {
  /** All findings, including those of resources whose condition is false. */
  public static readonly ALL: BeaconFinding[] = [
    {
      resource: 'Bucket',
      template: 'template.yaml',
      id: 'AwsSolutions-S1',
      reason:
        'Access logs would need a second bucket and hold the same addresses that the beacon leaves out. Who must know who reads the hits adds CloudTrail data events.',
    },
    {
      resource: 'SaltTable',
      template: 'visitors.yaml',
      id: 'AwsSolutions-DDB3',
      reason: 'The salt of a day must be gone when the day is over: nothing may restore it.',
    },
    {
      resource: 'SaltDeletionFailures',
      template: 'visitors.yaml',
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of a schedule; the check recognizes only dead-letter queues of other queues.',
    },
    {
      resource: 'StreamRole',
      template: 'stream.yaml',
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<Bucket>/hits/*]',
      reason: 'Firehose names each object after time and a random number; the prefix is as exact as it can be.',
    },
    {
      resource: 'StreamRole',
      template: 'stream.yaml',
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<Bucket>/errors/*]',
      reason: 'Firehose names each error object after time and a random number; the prefix is as exact as it can be.',
    },
    {
      resource: 'DashboardRole',
      template: 'dashboard.yaml',
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<Bucket>/hits/*]',
      reason: 'Athena reads the hits with the rights of who asks, and Firehose names each object as it likes.',
    },
    {
      resource: 'DashboardRole',
      template: 'dashboard.yaml',
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<Bucket>/athena-results/*]',
      reason: 'Athena names the results of a query after its id; the folder is as exact as it can be.',
    },
    {
      resource: 'CrawlerRole',
      template: 'catalog.yaml',
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<Bucket>/<Prefix>*]',
      reason: 'A crawler reads files whose names nobody knows before; it may read those below its prefix alone.',
    },
    {
      resource: 'CrawlerRole',
      template: 'catalog.yaml',
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws-glue/crawlers:*]',
      reason: 'A log group is made under this form of its name alone; the group is exact.',
    },
    {
      resource: 'Crawler',
      template: 'catalog.yaml',
      id: 'AwsSolutions-GL1',
      reason: 'The log of the crawler names folders of hours and no visitor; CloudWatch encrypts it at rest anyway.',
    },
    {
      resource: 'HttpApiRoute',
      template: 'http-api.yaml',
      id: 'AwsSolutions-APIG4',
      reason: 'A pixel is asked for by strangers: an authorizer would refuse every visitor.',
    },
    {
      resource: 'HttpApiStage',
      template: 'http-api.yaml',
      id: 'AwsSolutions-APIG1',
      reason: 'An access log would keep the addresses that the beacon leaves out, at the price of the stream.',
    },
  ];

  /**
   * Acknowledges all of them for a beacon, so that checks of the app report only new findings.
   *
   * @param beacon a beacon in an app that has cdk-nag's checks as a plugin
   */
  public static acknowledge(beacon: IBeaconResources): void {
    for (const { resource, id, reason } of BeaconFindings.ALL) {
      Validations.of(beacon.resource(resource)).acknowledge({ id, reason });
    }
  }

  private constructor() {}
}

/**
 * Findings of the CDK's own checks in every template with bound parameters. Users of the construct can't act on them.
 */
export const BOUND_CONDITIONS = [
  {
    id: 'CloudFormation-Validate::W1001',
    reason: 'An output chooses by the condition that the resource has; the check does not follow Fn::If there.',
  },
  { id: 'CloudFormation-Validate::W1028', reason: 'One branch of a choice by a bound parameter is never taken.' },
  {
    id: 'CloudFormation-Validate::W7001',
    reason: 'The reference to the stream brings a mapping of addresses that only network rules would use.',
  },
  { id: 'CloudFormation-Validate::W8003', reason: 'A condition on a bound parameter is always true or always false.' },
  {
    id: 'CloudFormation-Validate::W9003',
    reason: 'A parameter is bound as text, which CloudFormation makes a number of, as it does with every parameter.',
  },
  { id: 'CloudFormation-Validate::W9053', reason: 'Conditions on parameters that are bound alike look alike.' },
];

/** Acknowledges `BOUND_CONDITIONS` for the beacon's stack. */
export function acknowledgeBoundConditions(beacon: IConstruct): void {
  Validations.of(Stack.of(beacon)).acknowledge(...BOUND_CONDITIONS);
}
