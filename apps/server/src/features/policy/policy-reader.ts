import { formatAclConf } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { PolicyService } from '../../policy/policy.service.js';
import { docOf } from './policy-doc.js';
import type { ExportQuery, PolicyDoc } from './policy.schemas.js';
import type { Rule } from './rule.schemas.js';

/** A policy written to a file. */
export interface PolicyFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Shows the live policy. */
@Injectable()
export class PolicyReader {
  constructor(private readonly policy: PolicyService) {}

  current(): PolicyDoc {
    return docOf(this.policy.current);
  }

  /** 404 when the live policy has no such rule. */
  rule(id: string): Rule {
    const rule = this.current().rules.find((candidate) => candidate.id === id);
    if (!rule) throw noSuchRule();
    return rule;
  }

  exportAs(format: ExportQuery['format']): PolicyFile {
    const { revision, policy } = this.policy.current;
    const name = `perch-policy-${revision}`;
    if (format === 'acl.conf') {
      return { name: `${name}.conf`, type: 'text/plain', text: formatAclConf(policy, { revision }) };
    }
    return { name: `${name}.json`, type: 'application/json', text: `${JSON.stringify(this.current(), null, 2)}\n` };
  }
}

/** The live policy has no rule with the id asked for. */
export function noSuchRule(): ApiError {
  return new ApiError('not-found', 'The policy has no rule with this id.');
}
