import { analyseFile, type ImportAnalysis, newRuleId, type Policy } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import type { PolicyDocument } from '../../policy/policy-document.js';
import type { UserImportResult } from '../users/import.schemas.js';
import { UserImportService } from '../users/user-import.service.js';
import { csvOf } from './imported-users.js';
import type { ImportAnswer, ImportFile, ImportReport, PolicyImport } from './import.schemas.js';
import { type Edit, PolicyEditor, type Revision } from './policy-editor.js';

/** Takes rules, and users, over from files. */
@Injectable()
export class PolicyImporter {
  constructor(
    private readonly editor: PolicyEditor,
    private readonly users: UserImportService,
  ) {}

  /** What the file would come to, and where it does not mean the same here. */
  analyse(file: ImportFile): ImportReport {
    const { users, ...analysis } = analyseFile(file);
    const shown = users.map(({ passwordHash, ...user }) => ({ ...user, hasPassword: passwordHash !== null }));
    // Its lists are read-only; the schema's are not.
    return { ...analysis, users: shown } as ImportReport;
  }

  /** Adds the rules of the file, or answers all of its errors. A dry run only shows what would be. */
  async import(edit: Edit, input: PolicyImport): Promise<ImportAnswer> {
    const analysis = analyseFile(input);
    refuseErrors(analysis);
    const rules = analysis.rules.map((rule) => ({ ...rule, id: newRuleId() }));
    const revision = {
      action: 'policy.import',
      message: input.message || `Imported ${rules.length} rules from ${input.format}`,
      revise: ({ policy }: PolicyDocument) => revised(policy, { ...analysis, rules }, input),
    };
    if (input.dryRun) return this.dryRun(edit, input, { analysis, revision });
    // Users without rules may do nothing; rules without users would be half an import.
    const users = await this.importUsers(edit, input, analysis);
    return { ...(await this.editor.change(edit, revision)), users };
  }

  private async dryRun(edit: Edit, input: PolicyImport, { analysis, revision }: Planned): Promise<ImportAnswer> {
    const doc = await this.editor.preview(edit, revision);
    return { ...doc, lost: null, users: await this.importUsers(edit, input, analysis) };
  }

  private async importUsers(
    edit: Edit,
    input: PolicyImport,
    { users }: ImportAnalysis,
  ): Promise<UserImportResult | null> {
    if (input.users === 'ignore' || users.length === 0) return null;
    const { dryRun } = input;
    const file = { format: 'csv', content: csvOf(users), existing: 'skip' } as const;
    return this.users.run({ ...file, skipErrors: false, disconnect: false, dryRun }, edit.actor);
  }
}

interface Planned {
  readonly analysis: ImportAnalysis;
  readonly revision: Revision;
}

function refuseErrors({ errors }: ImportAnalysis): void {
  if (errors.length === 0) return;
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  throw new ApiError('invalid-fields', `The text has ${count}; nothing was imported.`, {
    errors: errors.map(({ line, column, path, message }) => ({
      path: path === null ? `text:${line}:${column}` : `text:${path}`,
      message,
      ...(line !== null && column !== null && { line, column }),
    })),
  });
}

/** A file that replaces everything brings its settings along, unless it has none: acl.conf. */
function revised(live: Policy, imported: Policy, { mode, format }: PolicyImport): Policy {
  const { rules } = imported;
  if (mode === 'replace') return { rules, settings: format === 'acl.conf' ? live.settings : imported.settings };
  return { ...live, rules: mode === 'prepend' ? [...rules, ...live.rules] : [...live.rules, ...rules] };
}
