// A beacon synthesised in a folder of its own: its templates, what the checks report, and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AdmZip from 'adm-zip';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Beacon } from '../lib/index.js';
import { readTemplate } from '../lib/template.js';

export const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));

/** The templates of the repository, not their copies in the package. */
export const sources = {
  template: readTemplate(join(PACKAGE, '..', 'template.yaml')),
};

/** The nested stacks of the template, each with the file that it is in. */
export const nestedFiles = {};
for (const [id, { Type, Properties }] of Object.entries(sources.template.Resources)) {
  if (Type === 'AWS::CloudFormation::Stack') {
    nestedFiles[id] = Properties.TemplateURL;
    sources[id] = readTemplate(join(PACKAGE, '..', Properties.TemplateURL));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'beacon-cdk-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

/** Writes a zip file with these contents, by name, and gives its path. */
export function zip(name, contents) {
  const archive = new AdmZip();
  for (const [entry, content] of Object.entries(contents)) {
    archive.addFile(entry, Buffer.from(content));
  }
  archive.writeZip(join(folder, name));
  return join(folder, name);
}

/** The first bytes of a program for a machine, as the ELF header says it. */
export function program(machine) {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}

export const ARM_64 = 0xb7;
export const X86_64 = 0x3e;

/** The function's code, for arm64. */
export const code = zip('bootstrap-arm64.zip', { bootstrap: program(ARM_64) });

/** A stack with a beacon, not yet synthesised. */
export function stackWith(props = {}) {
  const app = new App({ outdir: mkdtempSync(join(folder, 'out-')) });
  const stack = new Stack(app, 'Stack');
  const beacon = new Beacon(stack, 'Beacon', { code, ...props });
  return { app, stack, beacon };
}

/** The templates of a stack with a beacon: its own as `template`, each nested one by the id of its stack. */
export function templatesOf({ stack, beacon }) {
  const templates = { template: Template.fromStack(stack).toJSON() };
  for (const id of Object.keys(nestedFiles)) {
    const nested = beacon.node.findChild('Template').getNestedStack(id).stack;
    templates[id] = Template.fromStack(nested).toJSON();
  }
  return templates;
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

/** Writes the catalog's template as a file of the user's own, and returns its path. */
export function catalogFile() {
  const file = join(dirname(code), 'catalog.yaml');
  writeFileSync(file, JSON.stringify(sources.Catalog));
  return file;
}

/** Checks that the construct refuses props with a message, or one that matches. */
export function checkRefused(props, expected) {
  assert.throws(
    () => new Beacon(new Stack(new App(), 'Stack'), 'Beacon', { code, ...props }),
    (error) => {
      if (expected instanceof RegExp) {
        assert.match(error.message, expected);
      } else {
        assert.equal(error.message, expected);
      }
      return true;
    },
  );
}
