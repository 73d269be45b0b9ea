import { BlameSearch, diffPolicies } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import type { PolicyDocument } from '../../policy/policy-document.js';
import { PolicyService } from '../../policy/policy.service.js';
import { PolicyStore } from '../../policy/policy.store.js';
import { docOf } from './policy-doc.js';
import { type Edit, PolicyEditor } from './policy-editor.js';
import type { PolicyChange, PolicyDoc } from './policy.schemas.js';
import type { DiffQuery, PolicyBlame, PolicyDiff, RevisionPage, RevisionQuery } from './revision.schemas.js';

/** How many revisions are read at a time, and how many rules in all, to find out where the live ones come from. */
const BLAME_PAGE = 20;
const BLAME_RULES = 200_000;

/** What the policy was, who made it so, and the way back. */
@Injectable()
export class RevisionsService {
  constructor(
    private readonly policy: PolicyService,
    private readonly store: PolicyStore,
    private readonly editor: PolicyEditor,
  ) {}

  async list({ limit, after }: RevisionQuery): Promise<RevisionPage> {
    const rows = await this.store.before(revisionOf(decodeCursor(after)), limit + 1);
    return cutPage(rows, limit, ({ revision }) => String(revision));
  }

  /** 404 when there is no such revision. */
  async get(revision: number): Promise<PolicyDoc> {
    return docOf(await this.document(revision));
  }

  /** 404 when there is no such revision. */
  async document(revision: number): Promise<PolicyDocument> {
    const { current } = this.policy;
    const document = revision === current.revision ? current : await this.store.find(revision);
    if (!document) throw new ApiError('not-found', `There is no revision ${revision}.`);
    return document;
  }

  /** Makes an earlier revision the next one, with its tests. */
  async restore(edit: Edit, revision: number, message: string): Promise<PolicyChange> {
    const { policy } = await this.document(revision);
    return this.editor.change(edit, {
      action: 'policy.restore',
      message: message || `Restored revision ${revision}`,
      revise: () => policy,
      isWhole: true,
    });
  }

  async diff({ from, to = this.policy.current.revision }: DiffQuery): Promise<PolicyDiff> {
    const [before, after] = await Promise.all([this.document(from), this.document(to)]);
    // Its lists are read-only; the schema's are not.
    return {
      from,
      to,
      ...(structuredClone(diffPolicies(before.policy, after.policy)) as Omit<PolicyDiff, 'from' | 'to'>),
    };
  }

  /** Where each live rule comes from, as far back as a bounded search finds out. */
  async blame(): Promise<PolicyBlame> {
    const { current } = this.policy;
    const search = new BlameSearch(blamed(current));
    let oldest = current.revision;
    for (let read = 0; !search.isDone && oldest > 1 && read < BLAME_RULES;) {
      const page = await this.store.documentsBefore(oldest, BLAME_PAGE);
      if (page.length === 0) break;
      for (const document of page) {
        if (search.isDone) break;
        search.goBackTo(blamed(document));
        read += document.policy.rules.length;
        oldest = document.revision;
      }
    }
    return { revision: current.revision, searchedTo: oldest, items: search.result() };
  }
}

function blamed({ revision, author, message, createdAt, policy }: PolicyDocument) {
  return { revision, author, message, createdAt, rules: policy.rules };
}

function revisionOf(cursor: string | null): number | null {
  if (cursor === null) return null;
  if (!/^\d{1,9}$/.test(cursor)) throw new ApiError('bad-request', 'The page cursor is not valid.');
  return Number(cursor);
}
