// A beacon synthesised in a folder of its own: its templates and what the checks report.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Beacon } from '../lib/index.js';
import { readTemplate } from '../lib/template.js';

export const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));

/** The templates of the repository, not their copies in the package. */
export const sources = {
  template: readTemplate(join(PACKAGE, '..', 'template.yaml')),
  catalog: readTemplate(join(PACKAGE, '..', 'catalog.yaml')),
};

const folder = mkdtempSync(join(tmpdir(), 'beacon-cdk-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

/** A zip file as far as the construct looks into it. */
export const code = join(folder, 'bootstrap-arm64.zip');
writeFileSync(code, 'PK');

/** A stack with a beacon, not yet synthesised. */
export function stackWith(props = {}) {
  const app = new App({ outdir: mkdtempSync(join(folder, 'out-')) });
  const stack = new Stack(app, 'Stack');
  const beacon = new Beacon(stack, 'Beacon', { code, ...props });
  return { app, stack, beacon };
}

/** The templates of a stack with a beacon. */
export function templatesOf({ stack, beacon }) {
  return {
    template: Template.fromStack(stack).toJSON(),
    catalog: Template.fromStack(beacon.catalog).toJSON(),
  };
}

/** What cdk-nag and the CDK's own checks report, as `path id`, sorted. */
export function findingsOf({ app }) {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // An app whose checks fail sets the process's exit code, which here is the runner's.
  const exitCode = process.exitCode;
  try {
    app.synth();
  } catch (error) {
    if (!error.message.startsWith('Validation failed')) {
      throw error;
    }
  }
  process.exitCode = exitCode;
  const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  return report.pluginReports
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${constructPath} ${ruleName}`),
    )
    .sort();
}
