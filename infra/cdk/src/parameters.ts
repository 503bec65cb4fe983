import { SecretValue, Token } from 'aws-cdk-lib';
import type { BeaconProps } from './beacon-props';
import { type SettingRules, settingRefusal } from './settings';
import type { RuleExpression, Template, TemplateParameter } from './template';

/** Numbers that may have a fraction; the services accept only whole numbers for the others. */
const FRACTIONS = ['MonthlyBudgetUsd', 'ThrottleRate'];

/** Maximum size of a parameter's value, and of a function's variables together. */
const MAX_BYTES = 4096;

/** Longest table name that the dashboard's function accepts. */
const MAX_TABLE_CHARACTERS = 128;

/** Props that are not parameters. */
const NO_PARAMETERS: (keyof BeaconProps)[] = ['code', 'dashboardCode', 'catalogTemplateFile'];

/** The parameter that a property stands for. */
function parameterName(property: string): string {
  return property.charAt(0).toUpperCase() + property.slice(1);
}

/**
 * A value for each parameter of the template, as text: the property's, else the template's default. All are bound, so
 * that a deployment never falls back on what an earlier one was given.
 *
 * Binding takes a parameter's rules out of CloudFormation's sight, so they are checked here. A value that is only known
 * when the stack is deployed passes.
 */
export function bindParameters(template: Template, props: BeaconProps): { [name: string]: string } {
  const given: { [name: string]: string } = {};
  for (const [property, value] of Object.entries(props)) {
    if (value === undefined || NO_PARAMETERS.includes(property as keyof BeaconProps)) {
      continue;
    }
    const name = parameterName(property);
    if (!(name in template.Parameters)) {
      throw new Error(`there is no property ${property}: remove it, or correct its name`);
    }
    given[name] = asText(property, value, template.Parameters[name]);
  }
  const bound: { [name: string]: string } = {};
  for (const [name, parameter] of Object.entries(template.Parameters)) {
    const value = given[name] ?? String(parameter.Default ?? '');
    if (name in given && !Token.isUnresolved(value)) {
      check(propertyName(name), value, parameter);
    }
    bound[name] = value;
  }
  checkRules(template, bound);
  return bound;
}

/** The property that a parameter is given by. */
function propertyName(parameter: string): string {
  return parameter.charAt(0).toLowerCase() + parameter.slice(1);
}

/** A value as the text that is bound. What is of another type is refused: as a text it might look like a right one. */
function asText(property: string, value: unknown, parameter: TemplateParameter): string {
  if (parameter.NoEcho) {
    if (!isSecret(value)) {
      throw new Error(
        `${property} is not a SecretValue (value not shown): give SecretValue.secretsManager('name-of-the-secret'), ` +
          'so that it does not stand in the template',
      );
    }
    // It is a reference that CloudFormation resolves, unless it was made by `unsafePlainText`.
    return value.unsafeUnwrap();
  }
  if (Token.isUnresolved(value)) {
    return Token.asString(value);
  }
  const isNumber = parameter.Type === 'Number';
  if (typeof value !== (isNumber ? 'number' : 'string')) {
    throw new Error(`${property} is ${shown(value)}: give ${isNumber ? numberBetween(property, parameter) : textLike(parameter)}`);
  }
  return String(value);
}

/** Another copy of the CDK's library has a class of the same name. */
function isSecret(value: unknown): value is SecretValue {
  return value instanceof SecretValue || typeof (value as SecretValue | undefined)?.unsafeUnwrap === 'function';
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function textLike(parameter: TemplateParameter): string {
  return parameter.AllowedValues
    ? `one of ${parameter.AllowedValues.join(', ')}`
    : `a string: ${parameter.ConstraintDescription ?? 'entries are separated by commas'}`;
}

function numberBetween(property: string, { MinValue: least, MaxValue: most, AllowedValues: allowed }: TemplateParameter): string {
  if (allowed) {
    return `one of ${allowed.join(', ')}`;
  }
  const kind = FRACTIONS.includes(parameterName(property)) ? 'number' : 'whole number';
  return `a ${kind}${least === undefined ? '' : ` from ${least}`}${most === undefined ? '' : ` to ${most}`}`;
}

/** Returns the function's variables as the template sets them from the parameters. */
export function variablesOf(bound: { [name: string]: string }): { [name: string]: string } {
  const isBehindEdge = bound.Trust === 'cloudfront';
  return {
    BEACON_PRIVACY: bound.Privacy,
    BEACON_KEEP_HEADERS: bound.KeepHeaders,
    BEACON_SITES: bound.Sites,
    BEACON_COLUMNS: bound.Columns,
    BEACON_PATHS: bound.Paths,
    BEACON_BASE_PATH: bound.BasePath !== '' && bound.DomainName === '' ? `/${bound.BasePath}` : '',
    BEACON_TRUST: bound.Trust,
    BEACON_ORIGIN_SECRET: bound.OriginSecret,
    BEACON_REQUIRE_ORIGIN_SECRET: isBehindEdge ? bound.RequireOriginSecret : 'off',
    BEACON_VISITORS: bound.Visitors,
    BEACON_HONOUR_GPC: bound.HonourGpc,
    BEACON_ROBOTS: bound.Robots,
    BEACON_DEBUG: bound.Debug,
  };
}

/**
 * Refuses settings with which the functions would not start, in the programs' own words.
 *
 * @param rules of `infra/settings.json`
 * @param bound the value of each parameter
 */
export function checkSettings(rules: SettingRules, bound: { [name: string]: string }): void {
  const variables = variablesOf(bound);
  // What is only known at the deployment can't be judged; a secret is one that fits.
  for (const [name, value] of Object.entries(variables)) {
    if (Token.isUnresolved(value)) {
      variables[name] = name === 'BEACON_ORIGIN_SECRET' ? 'unknown' : '';
    }
  }
  const refused = settingRefusal(rules, variables);
  if (refused !== undefined) {
    throw new Error(refused);
  }
  const size = Object.entries(variables).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  if (size > MAX_BYTES) {
    const [longest] = Object.entries(variables).sort(([, one], [, other]) => other.length - one.length)[0];
    throw new Error(
      `the function's variables have ${size} bytes together, and Lambda takes ${MAX_BYTES}: shorten ${longest}, the longest of them`,
    );
  }
  const table = bound.TablePrefix + bound.Table;
  if (!Token.isUnresolved(table) && table.length > MAX_TABLE_CHARACTERS) {
    throw new Error(
      `tablePrefix and table are ${table.length} characters together, and the dashboard takes ${MAX_TABLE_CHARACTERS}: shorten one`,
    );
  }
}

function check(property: string, value: string, parameter: TemplateParameter): void {
  const refuse = (expected: string) => {
    const given = parameter.NoEcho ? 'does not fit' : `is ${JSON.stringify(value)}`;
    throw new Error(`${property} ${given}: give ${expected}`);
  };
  if (Buffer.byteLength(value) > MAX_BYTES) {
    refuse(`at most ${MAX_BYTES} bytes, which it exceeds by ${Buffer.byteLength(value) - MAX_BYTES}`);
  }
  if (parameter.AllowedValues && !parameter.AllowedValues.map(String).includes(value)) {
    refuse(`one of ${parameter.AllowedValues.join(', ')}`);
  }
  if (parameter.AllowedPattern && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(value)) {
    refuse(parameter.ConstraintDescription ?? `what matches ${parameter.AllowedPattern}`);
  }
  if (parameter.Type === 'Number') {
    const number = Number(value);
    const { MinValue: least = -Infinity, MaxValue: most = Infinity } = parameter;
    if (Number.isFinite(number) && !Number.isInteger(number) && !FRACTIONS.includes(parameterName(property))) {
      refuse(numberBetween(property, parameter));
    }
    if (!Number.isFinite(number) || number < least || number > most) {
      refuse(most === Infinity ? `a number from ${least}` : `a number from ${least} to ${most}`);
    }
  }
}

function checkRules(template: Template, bound: { [name: string]: string }): void {
  for (const rule of Object.values(template.Rules ?? {})) {
    if (rule.RuleCondition && !holds(rule.RuleCondition, bound)) {
      continue;
    }
    for (const assertion of rule.Assertions) {
      if (!holds(assertion.Assert, bound)) {
        throw new Error(assertion.AssertDescription);
      }
    }
  }
}

/** Whether a rule's condition holds. A value that is not known yet is different from every text in a rule. */
function holds(expression: RuleExpression, bound: { [name: string]: string }): boolean {
  const [[name, operand]] = Object.entries(expression);
  const operands = operand as RuleExpression[];
  switch (name) {
    case 'Fn::Equals': {
      const [left, right] = operands.map((one) => text(one, bound));
      return left === right;
    }
    case 'Fn::Not':
      return !holds(operands[0], bound);
    case 'Fn::And':
      return operands.every((one) => holds(one, bound));
    case 'Fn::Or':
      return operands.some((one) => holds(one, bound));
    default:
      throw new Error(`the template has a rule with ${name}, which is not understood here: extend this package`);
  }
}

function text(expression: RuleExpression, bound: { [name: string]: string }): string {
  if (typeof expression === 'object' && 'Ref' in expression) {
    return bound[expression.Ref as string];
  }
  return String(expression);
}
