import { readFileSync } from 'node:fs';

/** One thing that a part of a setting must be, or must not. */
interface SettingTest {
  readonly when?: { readonly [variable: string]: string };
  readonly part?: string;
  readonly fold?: boolean;
  readonly match?: string;
  readonly not?: string;
  readonly unique?: string;
  readonly shown_without?: string;
  readonly header?: string;
  readonly kept?: string;
  readonly or_in?: string;
  readonly refused: string;
}

/** What one variable must be. */
interface SettingCheck {
  readonly variable: string;
  readonly when?: { readonly [variable: string]: string };
  readonly required?: string;
  readonly separator?: string;
  readonly shape?: string;
  readonly parts?: string[];
  readonly shapeless?: string;
  readonly tests: SettingTest[];
  readonly most?: number;
  readonly too_many?: string;
}

/** The rules of `infra/settings.json`, which the programs' own source makes. */
export interface SettingRules {
  readonly blank: string;
  readonly checks: SettingCheck[];
}

type Texts = { [name: string]: string };

/** Reads the rules. */
export function readRules(file: string): SettingRules {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The sentence with which a program that has these variables would not start, if there is one. */
export function settingRefusal(rules: SettingRules, variables: Texts): string | undefined {
  return new Evaluation(rules, variables).refusal();
}

/** Whether a pattern of the rules fits a whole text. */
function fits(pattern: string, text: string): RegExpExecArray | null {
  return new RegExp(`^(?:${pattern})$`, 'u').exec(text);
}

/** In one pass, because a value may look like a placeholder. */
function filled(sentence: string, parts: Texts): string {
  return sentence.replace(/\{(\w+)\}/g, (placeholder, name) => parts[name] ?? placeholder);
}

class Evaluation {
  constructor(
    private readonly rules: SettingRules,
    private readonly variables: Texts,
  ) {}

  public refusal(): string | undefined {
    for (const check of this.rules.checks) {
      const refused = this.applies(check.when) ? this.refusedBy(check) : undefined;
      if (refused !== undefined) {
        return refused;
      }
    }
    return undefined;
  }

  private refusedBy(check: SettingCheck): string | undefined {
    const value = this.valueOf(check.variable);
    if (value === '') {
      return check.required;
    }
    if (check.separator === undefined) {
      return this.firstOf(check.tests, { value }, {});
    }
    const seen: { [part: string]: Set<string> } = {};
    const entries = this.entries(value, check.separator);
    for (const entry of entries) {
      const parts: Texts = { entry };
      if (check.shape !== undefined) {
        const shape = fits(check.shape, entry);
        if (!shape) {
          return filled(check.shapeless ?? '', parts);
        }
        check.parts?.forEach((part, index) => {
          parts[part] = this.trimmed(shape[index + 1]);
        });
      }
      const refused = this.firstOf(check.tests, parts, seen);
      if (refused !== undefined) {
        return refused;
      }
    }
    if (check.most !== undefined && entries.length > check.most) {
      return filled(check.too_many ?? '', { count: String(entries.length) });
    }
    return undefined;
  }

  /** The sentence of the first test that fails; `seen` remembers what may be there once. */
  private firstOf(tests: SettingTest[], parts: Texts, seen: { [part: string]: Set<string> }): string | undefined {
    for (const test of tests) {
      const refused = this.applies(test.when) ? this.failed(test, parts, seen) : undefined;
      if (refused !== undefined) {
        return filled(test.refused, { ...parts, ...refused });
      }
    }
    return undefined;
  }

  /** What the sentence shows beside the entry's parts where the test fails. */
  private failed(test: SettingTest, parts: Texts, seen: { [part: string]: Set<string> }): Texts | undefined {
    if (test.unique !== undefined) {
      const part = parts[test.unique];
      seen[test.unique] ??= new Set();
      const isTwice = seen[test.unique].has(part);
      seen[test.unique].add(part);
      const without = test.shown_without ?? '';
      const shown = without !== '' && part.endsWith(without) ? part.slice(0, -without.length) : part;
      return isTwice ? { [test.unique]: shown } : undefined;
    }
    if (test.header !== undefined) {
      const [, header] = /^headers\.([^]*)$/.exec(parts[test.header]) ?? [];
      if (header === undefined || fits(test.kept ?? '', header.toLowerCase())) {
        return undefined;
      }
      const listed = this.entries(this.valueOf(test.or_in ?? ''), ',').map((name) => name.toLowerCase());
      return listed.includes(header.toLowerCase()) ? undefined : { header };
    }
    const given = parts[test.part ?? ''];
    const part = test.fold ? given.toLowerCase() : given;
    const isWrong =
      (test.match !== undefined && !fits(test.match, part)) || (test.not !== undefined && fits(test.not, part));
    return isWrong ? {} : undefined;
  }

  private applies(when: { readonly [variable: string]: string } | undefined): boolean {
    return Object.entries(when ?? {}).every(([variable, pattern]) => fits(pattern, this.valueOf(variable)));
  }

  private valueOf(variable: string): string {
    return this.trimmed(this.variables[variable] ?? '');
  }

  private entries(text: string, separator: string): string[] {
    return text
      .split(separator)
      .map((entry) => this.trimmed(entry))
      .filter((entry) => entry !== '');
  }

  /** Not `trim`, which takes other characters for blanks than the program does. */
  private trimmed(text: string): string {
    const { blank } = this.rules;
    let [start, end] = [0, text.length];
    while (start < end && blank.includes(text[start])) {
      start += 1;
    }
    while (end > start && blank.includes(text[end - 1])) {
      end -= 1;
    }
    return text.slice(start, end);
  }
}
