import { newRuleId, parseAclConf, type Policy } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { type Edit, PolicyEditor } from './policy-editor.js';
import type { PolicyDoc, PolicyImport } from './policy.schemas.js';

/** Takes rules over from files. */
@Injectable()
export class PolicyImporter {
  constructor(private readonly editor: PolicyEditor) {}

  /** Adds the rules of an acl.conf text, or answers all of its errors. A dry run only shows what would be. */
  async import(edit: Edit, input: PolicyImport): Promise<PolicyDoc> {
    const rules = importedRules(input);
    const revision = {
      action: 'policy.import',
      message: input.message || `Imported ${rules.length} rules from acl.conf`,
      revise: ({ policy }: { policy: Policy }) => ({ ...policy, rules: joined(policy.rules, rules, input.mode) }),
    };
    return input.dryRun ? this.editor.preview(edit, revision) : this.editor.change(edit, revision);
  }
}

function importedRules({ text, digits }: PolicyImport): Policy['rules'] {
  const { rules, errors } = parseAclConf(text, { digits });
  if (errors.length === 0) return rules.map((rule) => ({ ...rule, id: newRuleId() }));
  throw new ApiError('invalid-fields', `The text has ${errors.length} errors; nothing was imported.`, {
    errors: errors.map((error) => ({ ...error, path: `text:${error.line}:${error.column}` })),
  });
}

function joined(live: Policy['rules'], imported: Policy['rules'], mode: PolicyImport['mode']): Policy['rules'] {
  if (mode === 'replace') return imported;
  return mode === 'prepend' ? [...imported, ...live] : [...live, ...imported];
}
