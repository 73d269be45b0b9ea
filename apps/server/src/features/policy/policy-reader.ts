import { explain, formatAclConf } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { PolicyService } from '../../policy/policy.service.js';
import { PolicyStore } from '../../policy/policy.store.js';
import { docOf, ruleFrom, settingsWith } from './policy-doc.js';
import type {
  ExplainInput,
  Explanation,
  ExportQuery,
  PolicyDoc,
  RevisionPage,
  RevisionQuery,
  Rule,
} from './policy.schemas.js';

/** A policy written to a file. */
export interface PolicyFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Answers questions about the policy, now and as it was. */
@Injectable()
export class PolicyReader {
  constructor(
    private readonly policy: PolicyService,
    private readonly store: PolicyStore,
  ) {}

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

  /** Judges by the live policy, or by the draft that came with the question. */
  explain({ client, action, topic, rules, settings }: ExplainInput): Explanation {
    const live = this.policy.current.policy;
    const policy = {
      rules: rules?.map((rule, index) => ruleFrom({ ...rule, id: rule.id ?? `new-${index}` })) ?? live.rules,
      settings: settingsWith(live.settings, settings),
    };
    const identity = {
      clientId: client.clientId,
      username: client.username ?? null,
      address: client.address ?? null,
      labels: client.labels,
    };
    // Its lists are read-only; the schema's are not.
    return structuredClone(explain(policy, identity, action, topic, Date.now())) as Explanation;
  }

  async revisions({ limit, after }: RevisionQuery): Promise<RevisionPage> {
    const rows = await this.store.before(revisionOf(decodeCursor(after)), limit + 1);
    return cutPage(rows, limit, ({ revision }) => String(revision));
  }

  /** 404 when there is no such revision. */
  async revision(revision: number): Promise<PolicyDoc> {
    const document = await this.store.find(revision);
    if (!document) throw new ApiError('not-found', `There is no revision ${revision}.`);
    return docOf(document);
  }
}

/** The live policy has no rule with the id asked for. */
export function noSuchRule(): ApiError {
  return new ApiError('not-found', 'The policy has no rule with this id.');
}

function revisionOf(cursor: string | null): number | null {
  if (cursor === null) return null;
  if (!/^\d{1,9}$/.test(cursor)) throw new ApiError('bad-request', 'The page cursor is not valid.');
  return Number(cursor);
}
