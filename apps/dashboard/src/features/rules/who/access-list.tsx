import { Badge, Text } from '@mantine/core';
import type { Rule, RuleAccess, RuleCut } from '@perch/policy';
import { SubjectText } from '../rule-summary.js';
import { TopicChip } from '../topic-chip.js';
import { RuleButton } from './rule-button.js';
import { whoTexts as texts } from './texts.js';
import classes from './who.module.css';

interface AccessListProps {
  /** Which rules were asked. */
  readonly title: string;
  readonly found: readonly RuleAccess[];
  readonly rules: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

/** Whom the rules let there, in their order, and what is taken away again. */
export function AccessList({ title, found, rules, onShow }: AccessListProps) {
  if (found.length === 0) return <Text size="sm">{texts.nobody}</Text>;
  return (
    <section aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.list}>
        {found.map((access, index) => (
          <li key={index}>
            <div className={classes.head}>
              <strong>
                <SubjectText subject={access.subject} value={access.value} />
              </strong>
              <Badge size="sm" variant="light" color={access.extent === 'all' ? 'online' : 'warning'}>
                {texts.extent[access.extent]}
              </Badge>
              <RuleButton ruleId={access.ruleId} rules={rules} onShow={onShow} />
            </div>
            <TopicChip topic={access.filter} />{' '}
            <Text span size="xs" c="dimmed">
              {texts.example(access.example)}
            </Text>
            {access.cuts.map((cut, at) => (
              <CutText key={at} cut={cut} rules={rules} onShow={onShow} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function CutText({ cut, rules, onShow }: { cut: RuleCut } & Omit<AccessListProps, 'title' | 'found'>) {
  return (
    <div className={classes.cut}>
      {cut.of === 'all' ? texts.except : texts.exceptSome} <TopicChip topic={cut.filter} />
      {cut.of === 'some' && (
        <span>
          (<SubjectText subject={cut.subject} value={cut.value} />)
        </span>
      )}
      <RuleButton ruleId={cut.ruleId} rules={rules} onShow={onShow} />
    </div>
  );
}
