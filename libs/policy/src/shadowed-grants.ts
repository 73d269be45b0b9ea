import { CompiledGrants, type GrantsBasis, type GrantsContext } from './compiled-grants.js';
import type { Action, ClientIdentity } from './rule.js';
import { changeOf, type Shadow } from './shadow.js';
import type { Grants, JudgedTopic, SubscribeVerdict, Verdict } from './verdict.js';

/** What the shadow adds to the basis of a client's grants. */
export interface ShadowedBasis extends GrantsBasis {
  readonly shadow: Shadow;
  /** Makes the client's grants by the shadow: only once something is judged. */
  readonly beside: () => Grants;
}

/** Grants that tell where the shadow would have decided otherwise, each time that something is judged afresh. */
export class ShadowedGrants extends CompiledGrants {
  private grantsBeside: Grants | null = null;

  constructor(
    identity: ClientIdentity,
    context: GrantsContext,
    private readonly shadowed: ShadowedBasis,
  ) {
    super(identity, context, shadowed);
  }

  override get validUntil(): number | null {
    const [live, shadow] = [super.validUntil, this.beside.validUntil];
    return live === null || shadow === null ? (live ?? shadow) : Math.min(live, shadow);
  }

  override subscribe(filter: string): SubscribeVerdict {
    const live = super.subscribe(filter);
    this.compare('subscribe', filter, live);
    return live;
  }

  protected override decidePublish(topic: string, known: JudgedTopic | null): Verdict {
    const live = super.decidePublish(topic, known);
    this.compare('publish', topic, live);
    return live;
  }

  private compare(action: Action, topic: string, live: Verdict): void {
    if (live.by === 'built-in') return;
    const shadow = this.beside[action](topic);
    const difference = changeOf(live, shadow);
    if (difference === null) return;
    const { identity, shadowed } = this;
    shadowed.shadow.differs({ identity, action, topic, ...difference, live, shadow });
  }

  private get beside(): Grants {
    return (this.grantsBeside ??= this.shadowed.beside());
  }
}
