// The construct's props and the template's parameters, one to one, with types and defaults.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as beacon from '../lib/index.js';
import { variablesOf } from '../lib/parameters.js';
import { PACKAGE, sources } from './synthesise.mjs';

const NO_PARAMETERS = ['code', 'dashboardCode', 'catalogTemplateFile'];

const assembly = JSON.parse(readFileSync(join(PACKAGE, '.jsii'), 'utf8'));
const properties = assembly.types['beacon-cdk.BeaconProps'].properties.filter(
  ({ name }) => !NO_PARAMETERS.includes(name),
);
const parameters = sources.template.Parameters;
const parameterName = ({ name }) => name.charAt(0).toUpperCase() + name.slice(1);

/** The name of the enum that a property takes, if it does. */
function enumOf(property) {
  const name = property.type.fqn?.replace('beacon-cdk.', '');
  return assembly.types[property.type.fqn]?.kind === 'enum' ? name : undefined;
}

test('each parameter has a property, and each property a parameter', () => {
  assert.deepEqual(properties.map(parameterName).sort(), Object.keys(parameters).sort());
});

test('a property has the type of its parameter', () => {
  for (const property of properties) {
    const parameter = parameters[parameterName(property)];
    const name = enumOf(property);
    const type = name ? 'enum' : (property.type.primitive ?? property.type.fqn);
    let expected = parameter.Type === 'Number' ? 'number' : 'string';
    if (parameter.NoEcho) {
      expected = 'aws-cdk-lib.SecretValue';
    } else if (parameter.AllowedValues && parameter.Type === 'String') {
      expected = 'enum';
      assert.deepEqual(Object.values(beacon[name]).sort(), [...parameter.AllowedValues].sort(), property.name);
    }
    assert.equal(type, expected, property.name);
  }
});

test('the documented default is the default of the parameter, and all may be left out', () => {
  for (const property of properties) {
    const documented = property.docs.default;
    const fallback = String(parameters[parameterName(property)].Default);
    assert.ok(property.optional, property.name);
    if (fallback === '') {
      assert.match(documented, /^- /, property.name);
      continue;
    }
    const [, name, member] = documented.match(/^(\w+)\.(\w+)$/) ?? [];
    assert.equal(name ? beacon[name][member] : documented, fallback, property.name);
  }
});

test("the variables that are checked are those that the template gives the function", () => {
  const { BEACON_STREAM, BEACON_SALT_TABLE, ...passed } =
    sources.template.Resources.Function.Properties.Environment.Variables;
  assert.ok(BEACON_STREAM);
  assert.equal(BEACON_SALT_TABLE['Fn::If'][0], 'KnowsVisitors');
  const bound = Object.fromEntries(Object.keys(parameters).map((name) => [name, `value of ${name}`]));
  const checked = variablesOf({ ...bound, DomainName: '', Trust: 'cloudfront' });
  assert.deepEqual(Object.keys(checked).sort(), Object.keys(passed).sort());
  assert.equal(checked.BEACON_BASE_PATH, '/value of BasePath');
  assert.deepEqual(passed.BEACON_BASE_PATH, { 'Fn::If': ['SeesBasePath', { 'Fn::Sub': '/${BasePath}' }, ''] });
  assert.equal(checked.BEACON_REQUIRE_ORIGIN_SECRET, 'value of RequireOriginSecret');
  assert.deepEqual(passed.BEACON_REQUIRE_ORIGIN_SECRET, { 'Fn::If': ['HasEdge', { Ref: 'RequireOriginSecret' }, 'off'] });
  for (const [name, value] of Object.entries(passed)) {
    if ('Ref' in value && value.Ref !== 'Trust') {
      assert.equal(checked[name], bound[value.Ref], name);
    }
  }
});

test('each public name has a doc comment', () => {
  for (const type of Object.values(assembly.types)) {
    for (const part of [type, ...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])]) {
      assert.ok(part.docs?.summary, `${type.name}.${part.name}`);
    }
  }
});
