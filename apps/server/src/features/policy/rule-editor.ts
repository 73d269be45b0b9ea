import type { Rule } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import type { PolicyDocument } from '../../policy/policy-document.js';
import { assertValidRule } from './policy-check.js';
import { ruleFrom } from './policy-doc.js';
import { type Edit, PolicyEditor } from './policy-editor.js';
import { noSuchRule } from './policy-reader.js';
import type { PolicyChange } from './policy.schemas.js';
import type { NewRule, RulePatch } from './rule.schemas.js';

/** Edits single rules. Each edit is a revision of the policy. */
@Injectable()
export class RuleEditor {
  constructor(private readonly policy: PolicyEditor) {}

  create(edit: Edit, input: NewRule): Promise<PolicyChange> {
    const rule = ruleFrom(input.rule);
    assertValidRule(rule, 'rule.');
    return this.change(edit, 'create', (rules) => rules.toSpliced(input.position ?? rules.length, 0, rule));
  }

  update(edit: Edit, id: string, patch: RulePatch): Promise<PolicyChange> {
    return this.change(edit, 'update', (rules) => {
      const at = placeOf(rules, id);
      const rule = ruleFrom({ ...writable(rules, at), ...patch });
      assertValidRule(rule, '');
      return rules.with(at, rule);
    });
  }

  remove(edit: Edit, id: string): Promise<PolicyChange> {
    return this.change(edit, 'remove', (rules) => rules.toSpliced(placeOf(rules, id), 1));
  }

  move(edit: Edit, id: string, position: number): Promise<PolicyChange> {
    return this.change(edit, 'move', (rules) => {
      const at = placeOf(rules, id);
      return rules.toSpliced(at, 1).toSpliced(position, 0, writable(rules, at));
    });
  }

  private change(edit: Edit, verb: keyof typeof messages, revise: (rules: readonly Rule[]) => Rule[]) {
    return this.policy.change(edit, {
      action: `rules.${verb}`,
      message: messages[verb],
      revise: ({ policy }: PolicyDocument) => ({ ...policy, rules: revise(policy.rules) }),
    });
  }
}

const messages = {
  create: 'Added a rule',
  update: 'Changed a rule',
  remove: 'Removed a rule',
  move: 'Moved a rule',
};

/** 404 when there is no such rule. */
function placeOf(rules: readonly Rule[], id: string): number {
  const at = rules.findIndex((rule) => rule.id === id);
  if (at < 0) throw noSuchRule();
  return at;
}

function writable(rules: readonly Rule[], at: number) {
  const rule = rules[at];
  if (!rule) throw noSuchRule();
  return { ...rule, topics: [...rule.topics] };
}
