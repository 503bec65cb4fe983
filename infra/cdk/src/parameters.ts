import { SecretValue, Token } from 'aws-cdk-lib';
import type { BeaconProps } from './beacon-props';
import type { RuleExpression, Template, TemplateParameter } from './template';

/** What of the props is no parameter. */
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
    given[name] = asText(value);
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

function asText(value: string | number | SecretValue): string {
  if (value instanceof SecretValue) {
    // It is a reference that CloudFormation resolves, unless it was made by `unsafePlainText`.
    return value.unsafeUnwrap();
  }
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}

function check(property: string, value: string, parameter: TemplateParameter): void {
  const refuse = (expected: string) => {
    const given = parameter.NoEcho ? 'does not fit' : `is ${JSON.stringify(value)}`;
    throw new Error(`${property} ${given}: give ${expected}`);
  };
  if (parameter.AllowedValues && !parameter.AllowedValues.map(String).includes(value)) {
    refuse(`one of ${parameter.AllowedValues.join(', ')}`);
  }
  if (parameter.AllowedPattern && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(value)) {
    refuse(parameter.ConstraintDescription ?? `what matches ${parameter.AllowedPattern}`);
  }
  if (parameter.Type === 'Number') {
    const number = Number(value);
    const { MinValue: least = -Infinity, MaxValue: most = Infinity } = parameter;
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
