// A beacon with an HTTP API and alarms by mail. `npm run synth -- bootstrap-arm64.zip` writes cdk.out beside it;
// `npx cdk deploy --app 'node sample/out/app.js bootstrap-arm64.zip'` deploys it.
import { App, CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Beacon, BeaconEndpoint, BeaconFindings, BeaconFormat } from 'beacon-cdk';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';

interface SampleProps extends StackProps {
  readonly code: string;
}

class SampleStack extends Stack {
  constructor(scope: Construct, id: string, props: SampleProps) {
    super(scope, id, props);
    const beacon = new Beacon(this, 'Beacon', {
      code: props.code,
      endpoint: BeaconEndpoint.HTTP_API,
      format: BeaconFormat.PARQUET,
      sites: 'blog.example,*.shop.example',
      alarmEmail: 'ops@blog.example',
    });
    BeaconFindings.acknowledge(beacon);
    new CfnOutput(this, 'ImageTag', { value: `<img src="${beacon.pixelUrl}?page=/" alt="">` });
  }
}

const [code = 'bootstrap-arm64.zip'] = process.argv.slice(2);
const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new SampleStack(app, 'BeaconSample', { code });
app.synth();
