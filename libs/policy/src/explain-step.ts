import { momentText } from './moment-text.js';
import type { PlacedRule } from './decision-text.js';
import { clientFilters, compileRule, expiryOf } from './compiled-rule.js';
import { covers, isDollar, overlap, shorten } from './levels.js';
import type { PlaceholderValues } from './placeholders.js';
import type { Access, Action, ClientIdentity, Rule } from './rule.js';
import { hasLabel, hasUsername, subjectMatches } from './subject.js';
import { validateRule } from './validate-rule.js';

/** The first reason why a rule did not apply, or what it did. */
export type ExplainOutcome =
  | 'applies'
  | 'disabled'
  | 'shadow'
  | 'expired'
  | 'subject'
  | 'access'
  | 'topic'
  | 'placeholder'
  | 'invalid'
  | 'excludes';

/** One level of a filter beside the level that was asked for; empty text where that side has none. */
export interface ExplainLevel {
  /** Beside `#`: all that is left of what was asked for. */
  readonly wanted: string;
  readonly rule: string;
  readonly matches: boolean;
}

/** One filter of a rule, with the client's own values, compared up to its first level that differs. */
export interface ExplainTopic {
  readonly filter: string;
  readonly levels: readonly ExplainLevel[];
  readonly matches: boolean;
}

/** What one rule said. */
export interface ExplainStep {
  readonly ruleId: string;
  /** Its place in the policy, or among the client's own rules, from 0. */
  readonly index: number;
  /** True for a rule that the client brought along; left out for the policy's. */
  readonly isOwn?: true;
  /** True for the rule that decides. */
  readonly applies: boolean;
  readonly outcome: ExplainOutcome;
  readonly text: string;
  /** Present once the topic was looked at. */
  readonly topics?: readonly ExplainTopic[];
}

/** What is asked of each rule. */
export interface Question {
  readonly identity: ClientIdentity;
  readonly values: PlaceholderValues;
  readonly action: Action;
  /** The topic or the filter, spelled out. */
  readonly wanted: string;
  readonly nowMs: number;
}

/** A step, and the filters that it cuts out of what was asked for. */
export interface AnsweredStep {
  readonly step: ExplainStep;
  readonly exclusions: readonly string[];
}

/** Asks one rule. */
export function askRule({ rule, index, isOwn }: PlacedRule, question: Question): AnsweredStep {
  const base = { ruleId: rule.id, index, ...(isOwn && { isOwn }), applies: false };
  const early = beforeTopics(rule, question);
  if (early !== null) return { step: { ...base, ...early }, exclusions: [] };
  const filters = clientFilters(compileRule({ rule, position: index, by: 'rule' }), question.values);
  if (filters.length === 0) {
    const text = 'The client has no value that its placeholders could stand for.';
    return { step: { ...base, outcome: 'placeholder', text }, exclusions: [] };
  }
  const topics = filters.map((filter) => compareTopic(filter, question.wanted));
  const exclusions = rule.effect === 'allow' ? [] : filters.filter((each) => overlap(each, question.wanted));
  const outcome = topics.some(({ matches }) => matches) ? 'applies' : exclusions.length > 0 ? 'excludes' : 'topic';
  const text = topicText(outcome, rule, question);
  return {
    step: { ...base, applies: outcome === 'applies', outcome, text, topics },
    exclusions: outcome === 'excludes' ? exclusions.map(shorten) : [],
  };
}

type EarlyEnd = Pick<ExplainStep, 'outcome' | 'text'>;

function beforeTopics(rule: Rule, { identity, action, nowMs }: Question): EarlyEnd | null {
  if (!rule.enabled) return { outcome: 'disabled', text: 'It is switched off.' };
  const problems = validateRule(rule);
  if (problems.length > 0) return { outcome: 'invalid', text: problems.map(({ message }) => message).join(' ') };
  if (rule.mode === 'shadow') return { outcome: 'shadow', text: 'It is in shadow mode: counted, not enforced.' };
  if (expiryOf(rule) <= nowMs) {
    return { outcome: 'expired', text: `It ended at ${momentText(rule.validUntil ?? 'once')}.` };
  }
  if (!subjectMatches(rule, identity)) return { outcome: 'subject', text: subjectText(rule, identity) };
  if (rule.access !== 'pubsub' && rule.access !== ACCESS_OF[action]) {
    return { outcome: 'access', text: `It speaks of ${rule.access === 'pub' ? 'publishing' : 'subscribing'} only.` };
  }
  return null;
}

const ACCESS_OF: Record<Action, Access> = { publish: 'pub', subscribe: 'sub' };

function subjectText(rule: Rule, identity: ClientIdentity): string {
  switch (rule.subject) {
    case 'clientid':
      return `It wants client id “${rule.value}”; the client is “${identity.clientId}”.`;
    case 'username': {
      const wants = rule.value === '*' ? 'any user name' : `user “${rule.value}”`;
      return `It wants ${wants}; the client ${hasUsername(identity) ? `is “${identity.username}”` : 'has no user name'}.`;
    }
    case 'label': {
      const wants = rule.value === '*' ? 'any label' : `label “${rule.value}”`;
      return `It wants ${wants}; the client has ${hasLabel(identity) ? (identity.labels ?? []).join(', ') : 'none'}.`;
    }
    default:
      return `It wants address ${rule.value}; the client is at ${identity.address ?? 'no known address'}.`;
  }
}

function topicText(outcome: 'applies' | 'excludes' | 'topic', rule: Rule, { action, wanted }: Question): string {
  const asked = `“${shorten(wanted)}”`;
  if (outcome === 'applies') return `It decides: ${rule.effect}. Evaluation stops here.`;
  if (outcome === 'excludes') return `It denies a part of ${asked}, which is cut out if a later rule allows the rest.`;
  const verb = action === 'publish' ? 'matches' : 'covers';
  return `None of its topics ${verb} ${asked}.`;
}

function compareTopic(filter: string, wanted: string): ExplainTopic {
  const text = shorten(filter);
  const matches = covers(filter, wanted);
  return { filter: text, levels: compareLevels(text.split('/'), shorten(wanted).split('/'), matches), matches };
}

function compareLevels(rule: readonly string[], wanted: readonly string[], matches: boolean): ExplainLevel[] {
  const rows: ExplainLevel[] = [];
  for (let depth = 0; depth < Math.max(rule.length, wanted.length); depth += 1) {
    const level = rule[depth] ?? '';
    const isRest = level === '#' && depth === rule.length - 1;
    const beside = isRest ? wanted.slice(depth).join('/') : (wanted[depth] ?? '');
    const isAlike = matches || (depth < rule.length && isLevelMatch(level, wanted, depth));
    rows.push({ wanted: beside, rule: level, matches: isAlike });
    if (isRest || !isAlike) break;
  }
  return rows;
}

function isLevelMatch(level: string, wanted: readonly string[], depth: number): boolean {
  const other = wanted[depth];
  if (depth === 0 && (level === '+' || level === '#') && isDollar(wanted[0] ?? '')) return false; // [MQTT-4.7.2-1]
  if (level === '#') return true;
  return other !== undefined && other !== '#' && (level === '+' || level === other);
}
