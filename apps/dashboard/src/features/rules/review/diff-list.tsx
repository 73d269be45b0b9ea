import { diffPolicies, type PolicyVersion, type Rule, type RuleChange, type RuleField } from '@perch/policy';
import { formatExact } from '../../../shared/ui/format.js';
import { EffectMark, RuleSummary, SubjectText, TopicChips } from '../rule-summary.js';
import { rulesTexts } from '../texts.js';
import { TestSentence } from '../tests/test-sentence.js';
import { reviewTexts } from './texts.js';
import classes from '../rules.module.css';

const texts = reviewTexts.diff;

const signs = { added: '+', removed: '−', changed: '~', moved: '↕' } as const;

/** The differences between two versions, rule by rule. */
export function DiffList({ before, after }: { before: PolicyVersion; after: PolicyVersion }) {
  const diff = diffPolicies(before, after);
  if (diff.count === 0) return <p className={classes.dim}>{texts.none}</p>;
  return (
    <ul className={classes.diff} aria-label={texts.label} tabIndex={0}>
      {diff.rules.map((change) => (
        <li key={`${change.kind} ${change.rule.id}`} data-kind={change.kind}>
          <span className={classes.diffKind}>
            <span aria-hidden>{signs[change.kind]}</span> {texts[change.kind]}
          </span>
          <span className={classes.dim}>{rulesTexts.row(change.position)}</span>
          <ChangeText change={change} />
        </li>
      ))}
      {diff.settings.map((key) => (
        <li key={key} data-kind="changed">
          <span className={classes.diffKind}>
            <span aria-hidden>{signs.changed}</span> {texts.changed}
          </span>
          <span className={classes.dim}>{texts.settings[key]}</span>
          <span>
            <del>{before.settings[key]}</del> → <ins>{after.settings[key]}</ins>
          </span>
        </li>
      ))}
      {diff.tests.map((change) => (
        <li key={change.test.id} data-kind={change.kind}>
          <span className={classes.diffKind}>
            <span aria-hidden>{signs[change.kind]}</span> {texts[change.kind]}
          </span>
          <span className={classes.dim}>{texts.test}</span>
          <span>
            {change.kind === 'changed' && (
              <>
                <del>
                  <TestSentence test={change.before} />
                </del>{' '}
                →{' '}
              </>
            )}
            <TestSentence test={change.test} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function ChangeText({ change }: { change: RuleChange }) {
  if (change.kind === 'moved') {
    return (
      <span>
        {texts.movedFrom(change.from, change.position)}: <RuleSummary rule={change.rule} />
      </span>
    );
  }
  if (change.kind !== 'changed') return <RuleSummary rule={change.rule} />;
  return (
    <dl className={classes.fieldDiff}>
      {change.fields.map((field) => (
        <div key={field}>
          <dt>{rulesTexts.fields[field]}</dt>
          <dd>
            <del>
              <FieldValue rule={change.before} field={field} />
            </del>{' '}
            →{' '}
            <ins>
              <FieldValue rule={change.rule} field={field} />
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FieldValue({ rule, field }: { rule: Rule; field: RuleField }) {
  switch (field) {
    case 'effect':
      return <EffectMark effect={rule.effect} />;
    case 'subject':
      return <SubjectText subject={rule.subject} value={rule.value} />;
    case 'access':
      return rulesTexts.accesses[rule.access];
    case 'topics':
      return <TopicChips topics={rule.topics} />;
    case 'enabled':
      return rule.enabled ? texts.on : texts.off;
    case 'validUntil':
      return rule.validUntil === null ? texts.nothing : formatExact(rule.validUntil);
    default:
      return rule[field] || texts.nothing;
  }
}
