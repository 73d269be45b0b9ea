import { type DynsecLabels, labelsOf } from './dynsec-labels.js';
import { dynsecRemarks, isSayable } from './dynsec-remarks.js';
import { type ImportAnalysis, importedRule, IMPORT_SETTINGS, type ImportedUser } from './import-analysis.js';
import { intersection, shorten, spellOut } from './levels.js';
import { type Dynsec, type DynsecAcl, type DynsecRole, readDynamicSecurity } from './read-dynamic-security.js';
import { commonOrder } from './role-order.js';
import type { Rule } from './rule.js';
import { topicProblem } from './validate-rule.js';

/**
 * Reads the file of Mosquitto's dynamic security plugin. Roles and groups become labels of users, and the ACLs of a role
 * rules for its label. There, publishing, subscribing and receiving are judged apart, each by the first ACL that matches
 * in the order of a client's roles. Rules in this order say the same where the roles of all clients agree on an order:
 *
 *     what a role may not receive · each role's ACLs, by priority · the defaults
 *     and where clients may come without a name: no more for whoever has one · the same for the anonymous group's roles
 */
export function analyseDynamicSecurity(text: string): ImportAnalysis {
  const file = readDynamicSecurity(text);
  if (file.errors.length > 0) {
    return { rules: [], settings: IMPORT_SETTINGS, users: [], errors: file.errors, remarks: [] };
  }
  const labels = labelsOf(file);
  const lists = file.clients.map(({ roles }) => roles);
  const order = commonOrder(
    file.roles.map(({ name }) => name),
    lists,
  );
  const rules = rulesOf(file, order, labels);
  const remarks = dynsecRemarks({ file, order, labels, rules });
  return { rules, settings: IMPORT_SETTINGS, users: usersOf(file, labels), errors: [], remarks };
}

type ImportedRule = Omit<Rule, 'id'>;
type Who = Pick<Rule, 'subject' | 'value'>;

const EVERYONE: Who = { subject: 'everyone', value: '*' };
const ANY_NAME: Who = { subject: 'username', value: '*' };

function rulesOf(file: Dynsec, order: readonly string[], labels: DynsecLabels): ImportedRule[] {
  const named = roleRules(file, order, (name) => ({ subject: 'label', value: labels.ofRole(name) }));
  if (file.anonymous.length === 0) return [...named, ...defaultRules(file, EVERYONE)];
  const nameless = [...roleRules(file, file.anonymous, () => EVERYONE), ...defaultRules(file, EVERYONE)];
  const dollars = new Set(nameless.flatMap(({ topics }) => topics).filter((topic) => topic.startsWith('$')));
  const wall = importedRule({ effect: 'deny', ...ANY_NAME, access: 'pubsub', topics: ['#', ...dollars] });
  return [...named, ...defaultRules(file, ANY_NAME), wall, ...nameless];
}

function roleRules(file: Dynsec, order: readonly string[], whoOf: (role: string) => Who): ImportedRule[] {
  const roles = order.flatMap((name) => file.roles.find((role) => role.name === name) ?? []);
  const withheld = roles.flatMap((role) =>
    role.acls
      .filter(({ kind, allow, topic }) => kind === 'receive' && !allow && topicProblem(topic) === null)
      .map(({ topic }) => importedRule({ effect: 'deny', ...whoOf(role.name), access: 'sub', topics: [topic] })),
  );
  return [...withheld, ...roles.flatMap((role) => aclRules(role, whoOf(role.name), file.defaults.receive))];
}

/** Of a role: what it may send, then its literal subscriptions, then the patterns, each by priority. */
function aclRules(role: DynsecRole, who: Who, mayReceive: boolean): ImportedRule[] {
  const sayable = role.acls.filter(isSayable);
  const of = (kind: DynsecAcl['kind']) => sayable.filter((acl) => acl.kind === kind);
  const sent = of('send').map(({ allow, topic }) =>
    importedRule({ effect: allow ? 'allow' : 'deny', ...who, access: 'pub', topics: [topic] }),
  );
  const read = [...of('literal'), ...of('pattern')].flatMap((acl) => {
    const topics = acl.allow && !mayReceive ? receivedOf(role, acl.topic) : [acl.topic];
    if (topics.length === 0) return [];
    return [importedRule({ effect: acl.allow ? 'allow' : 'deny', ...who, access: 'sub', topics })];
  });
  return [...sent, ...read];
}

/** Where nothing is received that is not allowed: the part of the filter that the role may receive. */
function receivedOf({ acls }: DynsecRole, filter: string): string[] {
  const received = acls.filter(({ kind, allow, topic }) => kind === 'receive' && allow && topicProblem(topic) === null);
  return received
    .map(({ topic }) => intersection(spellOut(filter), spellOut(topic)))
    .filter((topic) => topic !== null)
    .map(shorten);
}

function defaultRules({ defaults }: Dynsec, who: Who): ImportedRule[] {
  const send = importedRule({ effect: 'allow', ...who, access: 'pub', topics: ['#'] });
  const read = importedRule({ effect: 'allow', ...who, access: 'sub', topics: ['#', '$SYS/#'] });
  return [...(defaults.send ? [send] : []), ...(defaults.subscribe && defaults.receive ? [read] : [])];
}

function usersOf({ clients }: Dynsec, labels: DynsecLabels): ImportedUser[] {
  return clients.map(({ username, passwordHash, disabled, clientId, note, roles, groups }) => ({
    ...{ username, passwordHash, disabled, clientId, note },
    labels: [...roles.map((name) => labels.ofRole(name)), ...groups.map((name) => labels.ofGroup(name))],
  }));
}
