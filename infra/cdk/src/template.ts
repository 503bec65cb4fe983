import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A parameter as a template declares it; what it doesn't say is not checked. */
export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: (string | number)[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly NoEcho?: boolean;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

/** A condition of a rule, in the functions' long form. */
export type RuleExpression = string | { readonly [name: string]: RuleExpression | RuleExpression[] };

/** What has to hold between parameters. */
export interface TemplateRule {
  readonly RuleCondition?: RuleExpression;
  readonly Assertions: { readonly Assert: RuleExpression; readonly AssertDescription: string }[];
}

/** The parts of a template that say which values it takes. */
export interface Template {
  readonly Parameters: { readonly [name: string]: TemplateParameter };
  readonly Rules?: { readonly [name: string]: TemplateRule };
}

/** CloudFormation's short forms that stand for a function of the same name. */
const FUNCTIONS = ['And', 'Equals', 'FindInMap', 'GetAtt', 'If', 'Join', 'Not', 'Or', 'Select', 'Split', 'Sub'];

/** Reads a template; its short forms become the long ones. */
export function readTemplate(file: string): Template {
  const named = (tag: string, name: string) => [
    { tag, resolve: (value: string) => ({ [name]: value }) },
    { tag, collection: 'seq' as const, resolve: (value: any) => ({ [name]: value.toJSON() }) },
    { tag, collection: 'map' as const, resolve: (value: any) => ({ [name]: value.toJSON() }) },
  ];
  const customTags = [
    ...named('!Ref', 'Ref'),
    ...named('!Condition', 'Condition'),
    ...FUNCTIONS.flatMap((name) => named(`!${name}`, `Fn::${name}`)),
  ];
  return parse(readFileSync(file, 'utf8'), { customTags });
}
