import { lintPolicy } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { AccessControl } from '../../policy/access-control.js';
import { UsersService } from '../users/users.service.js';
import type { LintInput, LintReport } from './lint.schemas.js';
import { PolicyInQuestion } from './policy-in-question.js';
import { RuleUses } from './rule-uses.js';

/** Says what is questionable about a policy. */
@Injectable()
export class PolicyLinter {
  constructor(
    private readonly policies: PolicyInQuestion,
    private readonly users: UsersService,
    private readonly access: AccessControl,
    private readonly uses: RuleUses,
  ) {}

  /** With what only the server knows: labels that users carry, whether clients may come without a name, and hits. */
  async lint(input: LintInput): Promise<LintReport> {
    const { policy } = this.policies.draft(input);
    const problems = lintPolicy(policy, {
      nowMs: Date.now(),
      anonymousAllowed: this.access.allowsAnonymous,
      labels: new Set((await this.users.labels()).items.map(({ label }) => label)),
      uses: await this.uses.of(policy),
    });
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    // Its lists are read-only; the schema's are not.
    return { errors, warnings: problems.length - errors, problems: problems as LintReport['problems'] };
  }
}
