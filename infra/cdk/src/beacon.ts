import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Fn, type NestedStack, Stack, Token } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { DeliveryStream, type IDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { CfnFunction } from 'aws-cdk-lib/aws-sam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { BeaconArchitecture, BeaconDashboard, BeaconEndpoint, type BeaconProps } from './beacon-props';
import { type CodeProperty, checkCode } from './code';
import { acknowledgeBoundConditions, type IBeaconResources } from './findings';
import { bindParameters, checkSettings } from './parameters';
import { readRules } from './settings';
import { readTemplate } from './template';

const CODE: CodeProperty = { name: 'code', archive: 'bootstrap', functionId: 'Function' };
const DASHBOARD_CODE: CodeProperty = { name: 'dashboardCode', archive: 'dashboard', functionId: 'DashboardFunction' };

/** The copies of `infra/*.yaml` and `infra/settings.json` that the package holds. */
const TEMPLATES = join(__dirname, '..', 'templates');

/** The nested stacks of `infra/template.yaml` with their templates. */
const NESTED: { [logicalId: string]: string } = {
  HttpApiStack: 'http-api.yaml',
  StreamStack: 'stream.yaml',
  VisitorStack: 'visitors.yaml',
  Catalog: 'catalog.yaml',
  DashboardStack: 'dashboard.yaml',
  AlarmStack: 'alarms.yaml',
};

/**
 * A tracking pixel and the data lake behind it: endpoint, function, stream, bucket, catalog and alarms.
 *
 * The resources are those of `infra/template.yaml` and the templates nested in it, with their logical ids, so a stack
 * that SAM has deployed can go on with this construct. It needs a stack of its own: two in one would have the same ids.
 *
 * The bucket with the hits is kept when the stack is deleted.
 */
export class Beacon extends Construct implements IBeaconResources {
  /** The image URL for pages and emails, such as `https://…/pixel.gif`. */
  public readonly pixelUrl: string;

  /** Base URL of all endpoints, such as `https://…`. */
  public readonly endpointUrl: string;

  /** The endpoint's own host, for `infra/edge.yaml`. */
  public readonly originDomain: string;

  /** URL of the dashboard if there is one, such as `https://…/`. */
  public readonly dashboardUrl?: string;

  /** The function that handles requests and sends hits to the stream. */
  public readonly function: IFunction;

  /** The bucket: hits under `hits/`, records that could not be delivered under `errors/`. */
  public readonly bucket: IBucket;

  /** The topic of the alarms. */
  public readonly alarmTopic: ITopic;

  /** The name of the Glue database. */
  public readonly databaseName: string;

  /** The name of the table of hits, with its prefix. */
  public readonly tableName: string;

  /** The Athena workgroup with the named queries. */
  public readonly workGroupName: string;

  /** The nested stack of database, table, views, workgroup and named queries. */
  public readonly catalog: NestedStack;

  private readonly template: CfnInclude;

  /**
   * @param scope a stack that holds no other beacon
   * @param id within the scope; no logical id depends on it
   * @param props at least the function's code
   */
  constructor(scope: Construct, id: string, props: BeaconProps) {
    super(scope, id);
    refuseWithoutProps(props);
    this.refuseSecond();
    const templateFile = join(TEMPLATES, 'template.yaml');
    const parameters = bindParameters(readTemplate(templateFile), { ...props, database: this.database(props) });
    checkSettings(readRules(join(TEMPLATES, 'settings.json')), parameters);
    const loadNestedStacks: { [logicalId: string]: { templateFile: string } } = {};
    for (const [logicalId, file] of Object.entries(NESTED)) {
      loadNestedStacks[logicalId] = { templateFile: join(TEMPLATES, file) };
    }
    loadNestedStacks.Catalog = { templateFile: this.catalogFile(props) };
    this.template = new CfnInclude(this, 'Template', { templateFile, parameters, loadNestedStacks });
    // The rules were checked when the parameters were bound; CloudFormation has no parameters left to check.
    this.template.node.tryRemoveChild('$Rules');
    this.catalog = this.template.getNestedStack('Catalog').stack;

    const code = this.codeAsset('Code', CODE, props.code, props);
    const cfnFunction = this.resource('Function') as CfnFunction;
    cfnFunction.codeUri = { bucket: code.s3BucketName, key: code.s3ObjectKey };
    // The transform reads the code even if the function is not created: then any code will do.
    const dashboardCode = this.dashboardAsset(props) ?? code;
    const cfnDashboard = this.resource('DashboardFunction') as CfnFunction;
    cfnDashboard.codeUri = { bucket: dashboardCode.s3BucketName, key: dashboardCode.s3ObjectKey };

    this.function = LambdaFunction.fromFunctionAttributes(this, 'FunctionReference', {
      functionArn: cfnFunction.getAtt('Arn').toString(),
      sameEnvironment: true,
    });
    this.bucket = Bucket.fromCfnBucket(this.resource('Bucket') as CfnBucket);
    this.alarmTopic = Topic.fromTopicArn(this, 'AlarmTopicReference', this.output('AlarmStack', 'AlarmTopicArn'));
    this.originDomain = this.findOriginDomain(props);
    const host = (props.endpoint === BeaconEndpoint.HTTP_API && props.domainName) || this.originDomain;
    this.endpointUrl = `https://${host}${props.basePath ? `/${props.basePath}` : ''}`;
    this.pixelUrl = `${this.endpointUrl}/pixel.gif`;
    if (props.dashboard === BeaconDashboard.ON) {
      this.dashboardUrl = this.output('DashboardStack', 'Url');
      // The template's choice also names the endpoint that is not created, which the CDK's checks report.
      const pasted = props.trust === 'cloudfront' ? '' : this.endpointUrl;
      this.resource('DashboardStack').addPropertyOverride('Parameters.Endpoint', pasted);
    }
    this.databaseName = this.output('Catalog', 'DatabaseName');
    this.tableName = this.output('Catalog', 'TableName');
    this.workGroupName = this.output('Catalog', 'WorkGroupName');
    acknowledgeBoundConditions(this);
  }

  /** The stream, for other producers. */
  public get stream(): IDeliveryStream {
    // Created on first use, because it adds a mapping of Firehose's IP addresses to the template.
    const made = this.node.tryFindChild('StreamReference') as IDeliveryStream | undefined;
    const arn = this.output('StreamStack', 'StreamArn');
    return made ?? DeliveryStream.fromDeliveryStreamArn(this, 'StreamReference', arn);
  }

  /**
   * A resource of `infra/template.yaml` or of a template nested in it, for what no property reaches.
   *
   * @param logicalId its name in the template, which no other of these templates has
   */
  public resource(logicalId: string): CfnResource {
    for (const nested of Object.keys(NESTED)) {
      // A parameter of a nested template may have the name of a resource elsewhere.
      const found = this.template.getNestedStack(nested).includedTemplate.node.tryFindChild(logicalId);
      if (found && CfnResource.isCfnElement(found) && CfnResource.isCfnResource(found)) {
        return found;
      }
    }
    return this.template.getResource(logicalId);
  }

  private output(nested: string, name: string): string {
    return this.template.getResource(nested).getAtt(`Outputs.${name}`).toString();
  }

  /** Returns the endpoint's own host. The template's output has conditions, which other stacks can't refer to. */
  private findOriginDomain(props: BeaconProps): string {
    if (props.endpoint === BeaconEndpoint.HTTP_API) {
      return this.output('HttpApiStack', 'ApiHost');
    }
    const url = this.resource('FunctionUrl').getAtt('FunctionUrl').toString();
    return Fn.select(2, Fn.split('/', url));
  }

  /** Returns the database's name: that of the stack as in the template, but in lower case, which CloudFormation can't do. */
  private database(props: BeaconProps): string {
    if (props.database) {
      return props.database;
    }
    const { stackName } = Stack.of(this);
    if (Token.isUnresolved(stackName)) {
      throw new Error(
        'database is not given, and the name of a nested stack is only known when it is deployed: give a name for the ' +
          'Glue database, such as beacon',
      );
    }
    return stackName.toLowerCase().replaceAll('-', '_');
  }

  private refuseSecond(): void {
    const stack = Stack.of(this);
    const other = stack.node
      .findAll()
      .find((one) => one instanceof Beacon && one !== this && Stack.of(one) === stack);
    if (other) {
      throw new Error(
        `the stack ${stack.node.path} has the beacon ${other.node.path} already: give ${this.node.path} a stack of its own`,
      );
    }
  }

  private catalogFile(props: BeaconProps): string {
    if (props.catalogTemplateFile !== undefined) {
      if (!existsSync(props.catalogTemplateFile)) {
        throw new Error(
          `catalogTemplateFile is ${JSON.stringify(props.catalogTemplateFile)}, where nothing is: write it with ` +
            'beacon schema catalog > catalog.yaml',
        );
      }
      return props.catalogTemplateFile;
    }
    if (props.columns) {
      throw new Error(
        `columns is ${JSON.stringify(props.columns)}, but the table has no such columns: write a catalog with ` +
          `BEACON_COLUMNS=${JSON.stringify(props.columns)} beacon schema catalog > catalog.yaml and give it as ` +
          'catalogTemplateFile',
      );
    }
    return join(TEMPLATES, 'catalog.yaml');
  }

  private dashboardAsset(props: BeaconProps): Asset | undefined {
    if (props.dashboardCode !== undefined) {
      return this.codeAsset('DashboardCode', DASHBOARD_CODE, props.dashboardCode, props);
    }
    if (props.dashboard === BeaconDashboard.ON) {
      throw new Error(
        'dashboard is on, but dashboardCode is not given: give dashboard-arm64.zip of a release, or the folder that ' +
          'make -f infra/Makefile build-DashboardFunction ARTIFACTS_DIR=<folder> wrote',
      );
    }
    return undefined;
  }

  private codeAsset(id: string, property: CodeProperty, code: string, props: BeaconProps): Asset {
    checkCode(property, code, props.architecture ?? BeaconArchitecture.ARM_64);
    return new Asset(this, id, { path: code });
  }
}

/** Refuses missing props by name; without types, a TypeError would name the first property that is read. */
function refuseWithoutProps(props: BeaconProps): void {
  if (typeof props !== 'object' || props === null) {
    throw new Error(
      `props are ${props === undefined ? 'not given' : JSON.stringify(props)}: give at least the function's code, as ` +
        "{ code: 'bootstrap-arm64.zip' }",
    );
  }
}
