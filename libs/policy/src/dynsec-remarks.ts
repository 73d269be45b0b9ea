import { compilePolicy } from './compile-policy.js';
import { dynsecDecision } from './dynsec-decision.js';
import type { DynsecLabels } from './dynsec-labels.js';
import { exampleTopic } from './example-topic.js';
import { filterCovers } from './filter.js';
import { type ImportExample, type ImportRemark, IMPORT_SETTINGS } from './import-analysis.js';
import { hasPlaceholder } from './placeholders.js';
import type { Dynsec, DynsecAcl, DynsecClient } from './read-dynamic-security.js';
import type { Action, Effect, Rule } from './rule.js';
import { topicProblem } from './validate-rule.js';

/** Whether a rule can say the same: a literal that denies a wildcard speaks of that one filter alone. */
export function isSayable({ kind, topic, allow }: DynsecAcl): boolean {
  if (topicProblem(topic) !== null || kind === 'unsubscribe') return false;
  if (kind === 'send') return !topic.startsWith('$CONTROL');
  return kind !== 'literal' || allow || !/[+#]/.test(topic);
}

/** What the analysis of a file has come to so far. */
export interface DynsecFindings {
  readonly file: Dynsec;
  /** The roles in the order of their rules. */
  readonly order: readonly string[];
  readonly labels: DynsecLabels;
  readonly rules: readonly Omit<Rule, 'id'>[];
}

/** Where the imported rules do, and do not, mean what Mosquitto does. */
export function dynsecRemarks(findings: DynsecFindings): ImportRemark[] {
  const remarks = new Remarks(findings);
  remarks.roles();
  remarks.conflicts();
  remarks.receiving();
  remarks.overlapping();
  remarks.literals();
  remarks.leftOut();
  remarks.dollars();
  remarks.placeholders();
  remarks.clients();
  return remarks.list;
}

interface PlacedAcl extends DynsecAcl {
  readonly role: string;
}

class Remarks {
  readonly list: ImportRemark[] = [];
  private readonly acls: readonly PlacedAcl[];
  private readonly compiled;

  constructor(private readonly found: DynsecFindings) {
    const { file, order, rules } = found;
    this.acls = order.flatMap((role) =>
      (file.roles.find(({ name }) => name === role)?.acls ?? []).map((acl) => ({ ...acl, role })),
    );
    this.compiled = compilePolicy({
      rules: rules.map((rule, index) => ({ ...rule, id: `${index}` })),
      settings: IMPORT_SETTINGS,
    });
  }

  roles(): void {
    const { renamed } = this.found.labels;
    const names = renamed.map(({ name, label }) => `“${name}” is “${label}”`).join(', ');
    const message =
      'Roles and groups become labels of users; the ACLs of a role are rules for its label, the highest priority first.';
    this.tell('kept', renamed.length > 0 ? `${message} Renamed: ${names}.` : message, []);
    if (this.found.file.anonymous.length === 0) return;
    const group =
      'The rules of the anonymous group are for clients without a user name: they stand behind a deny for whoever has one. Such clients come in only if the settings allow them.';
    this.tell('kept', group, ['anonymousGroup']);
  }

  /** Priorities of roles are a client's own; rules have one order. */
  conflicts(): void {
    const { file, order } = this.found;
    for (const client of file.clients) {
      const turned = client.roles.flatMap((first, index) =>
        client.roles
          .slice(index + 1)
          .filter((second) => order.indexOf(second) < order.indexOf(first))
          .map((second) => [first, second] as const),
      );
      const example = this.firstDiffering(
        client,
        turned.flatMap(([first, second]) => this.clashes(first, second)),
      );
      if (example === null) continue;
      const message = `The roles of “${client.username}” have another order than those of other clients, and rules have only one.`;
      this.tell('differs', message, [client.path], example);
    }
  }

  receiving(): void {
    const received = this.acls.filter(({ kind }) => kind === 'receive');
    const allows = received.filter(({ allow }) => allow);
    const denies = received.filter(({ allow }) => !allow);
    if (denies.length > 0) {
      const message =
        'What a client may subscribe to and what it may receive are judged apart in Mosquitto; here a deny of receiving is cut out of each subscription.';
      this.tell('kept', message, pathsOf(denies));
    }
    const example = this.firstOfRoles(overlapsOf(allows, denies));
    if (example !== null) {
      const message = 'A deny of receiving wins here, also over an allow of receiving with a higher priority.';
      this.tell('differs', message, pathsOf(allows), example);
    }
    if (this.found.file.defaults.receive) return;
    const subscribed = this.acls.filter(({ kind, allow }) => kind === 'pattern' && allow);
    const message =
      'Nothing is received by default: a role reads what it may both subscribe to and receive itself, not what another role may receive.';
    this.tell('differs', message, ['defaultACLAccess'], this.firstOfRoles(overlapsOf(subscribed, allows)));
  }

  /** There, a deny of subscribing does not hold back messages of a wider subscription. */
  overlapping(): void {
    const wanted = this.acls.filter(({ kind }) => kind === 'literal' || kind === 'pattern').filter(isSayable);
    for (const deny of wanted.filter(({ allow }) => !allow)) {
      const wide = wanted.find(
        ({ allow, topic }) => allow && !filterCovers(deny.topic, topic) && exampleTopic(topic, deny.topic) !== null,
      );
      const client = this.clientOf(deny.role);
      if (wide === undefined || client === undefined) continue;
      const topic = exampleTopic(wide.topic, deny.topic) ?? deny.topic;
      const message = `A deny of subscribing is also cut out of wider subscriptions: Mosquitto delivers it to whoever subscribes to “${wide.topic}”.`;
      this.tell('differs', message, [deny.path], {
        ...this.example(client, 'subscribe', topic),
        there: 'allow',
        here: 'deny',
      });
      return;
    }
  }

  literals(): void {
    const wild = this.acls.filter(({ kind, allow, topic }) => kind === 'literal' && allow && /[+#]/.test(topic));
    if (wild.length === 0) return;
    const message =
      'A literal allows exactly this filter in Mosquitto; here it allows narrower ones, too, which bring nothing more.';
    const asked = wild.map(({ role, topic }) => ({
      role,
      action: 'subscribe' as const,
      topic: exampleTopic(topic, topic),
    }));
    this.tell('differs', message, pathsOf(wild), this.firstOfRoles(asked));
  }

  leftOut(): void {
    const out = this.acls.filter((acl) => !isSayable(acl) && acl.kind !== 'unsubscribe');
    for (const acl of out) this.tell('left-out', whyNot(acl), [acl.path], this.exampleOf(acl));
    const kept = this.acls.filter(({ kind, allow }) => kind === 'unsubscribe' && !allow);
    if (kept.length === 0 && this.found.file.defaults.unsubscribe) return;
    const message = 'Everybody may unsubscribe here: a client that wants to hear less is not held.';
    this.tell('left-out', message, kept.length > 0 ? pathsOf(kept) : ['defaultACLAccess']);
  }

  dollars(): void {
    const { defaults, clients } = this.found.file;
    if (!defaults.send && !(defaults.subscribe && defaults.receive)) return;
    const message = 'What is allowed by default does not hold here for topics that begin with $; reading $SYS does.';
    const example = this.firstDiffering(clients[0] ?? null, [
      { action: defaults.send ? 'publish' : 'subscribe', topic: '$x/x' },
    ]);
    this.tell('differs', message, ['defaultACLAccess'], example);
  }

  placeholders(): void {
    const own = this.acls.filter(({ topic }) => hasPlaceholder(topic));
    const [first] = own;
    if (first === undefined) return;
    const message =
      '%c and %u stand for the client’s id and name here, and in Mosquitto from 2.1 on; before, they are plain text.';
    const action = first.kind === 'send' ? 'publish' : 'subscribe';
    const client = this.clientOf(first.role);
    const topic = first.topic.replaceAll('%c', 'client').replaceAll('%u', client?.username ?? 'client');
    const example = client && { ...this.example(client, action, exampleTopic(topic, topic) ?? topic) };
    this.tell('differs', message, pathsOf(own), example ?? null);
  }

  clients(): void {
    const without = this.found.file.clients.filter(({ passwordHash }) => passwordHash === null);
    if (without.length === 0) return;
    const message = `${without.length} of the users have no password: they cannot sign in before one is set.`;
    this.tell('kept', message, pathsOf(without));
  }

  private clashes(first: string, second: string): { action: Action; topic: string | null }[] {
    const of = (role: string) => this.acls.filter((acl) => acl.role === role);
    return of(first).flatMap((a) =>
      of(second)
        .filter((b) => a.allow !== b.allow && (a.kind === 'send') === (b.kind === 'send'))
        .map((b) => ({ action: a.kind === 'send' ? 'publish' : 'subscribe', topic: exampleTopic(a.topic, b.topic) })),
    );
  }

  private exampleOf({ role, kind, topic }: PlacedAcl): ImportExample | null {
    const client = this.clientOf(role);
    const asked = kind === 'literal' ? topic : exampleTopic(topic, topic);
    return client === undefined || asked === null
      ? null
      : this.example(client, kind === 'send' ? 'publish' : 'subscribe', asked);
  }

  private firstOfRoles(asked: readonly { role: string; action: Action; topic: string | null }[]): ImportExample | null {
    for (const { role, ...wish } of asked) {
      const example = this.firstDiffering(this.clientOf(role) ?? null, [wish]);
      if (example !== null) return example;
    }
    return null;
  }

  /** The first thing about which the two decide differently. */
  private firstDiffering(
    client: DynsecClient | null,
    asked: readonly { action: Action; topic: string | null }[],
  ): ImportExample | null {
    for (const { action, topic } of asked) {
      const example = topic === null ? null : this.example(client, action, topic);
      if (example !== null && example.there !== example.here) return example;
    }
    return null;
  }

  private example(client: DynsecClient | null, action: Action, topic: string): ImportExample {
    const { labels, file } = this.found;
    const who = { clientId: client?.clientId ?? 'client', username: client?.username ?? null };
    const identity = { ...who, address: null, labels: (client?.roles ?? []).map((role) => labels.ofRole(role)) };
    const here: Effect = this.compiled.grantsFor(identity, 0)[action](topic).allowed ? 'allow' : 'deny';
    return { ...who, action, topic, there: dynsecDecision(file, client, { action, topic }), here };
  }

  private clientOf(role: string): DynsecClient | undefined {
    return this.found.file.clients.find(({ roles }) => roles.includes(role));
  }

  private tell(
    kind: ImportRemark['kind'],
    message: string,
    ...[places, example = null]: [readonly string[], (ImportExample | null)?]
  ): void {
    this.list.push({ kind, message, example, places });
  }
}

/** A topic to read in each pair that overlaps, as a client of the first one's role. */
function overlapsOf(some: readonly PlacedAcl[], others: readonly PlacedAcl[]) {
  return some.flatMap(({ role, topic }) =>
    others.map((other) => ({ role, action: 'subscribe' as const, topic: exampleTopic(topic, other.topic) })),
  );
}

function pathsOf(placed: readonly { readonly path: string }[]): string[] {
  return placed.map(({ path }) => path);
}

function whyNot({ kind, topic, allow }: DynsecAcl): string {
  if (kind === 'send' && topic.startsWith('$CONTROL')) {
    return `“${topic}” administers Mosquitto; who administers Perch does so in the dashboard, or with an API key.`;
  }
  const problem = topicProblem(topic);
  if (problem !== null) return `“${topic}” is plain text in Mosquitto, which cannot be said here. ${problem.message}`;
  return `${allow ? 'Allowing' : 'Denying'} exactly the filter “${topic}” cannot be said here: a rule would speak of all that it matches. Who subscribes to it gets what the other rules allow.`;
}
