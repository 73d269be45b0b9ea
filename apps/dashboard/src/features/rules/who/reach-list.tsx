import { Text } from '@mantine/core';
import type { Reach, Rule } from '@perch/policy';
import { TopicChip } from '../topic-chip.js';
import { RuleButton } from './rule-button.js';
import { whoTexts as texts } from './texts.js';
import classes from './who.module.css';

interface ReachListProps {
  readonly reach: Reach;
  readonly rules: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

/** Everything that one client can reach, with the rule that lets it and what is cut out. */
export function ReachList({ reach: { parts, hasMore }, rules, onShow }: ReachListProps) {
  if (parts.length === 0) return <Text size="sm">{texts.nothing}</Text>;
  return (
    <section aria-label={texts.parts}>
      <h3 className={classes.title}>{texts.parts}</h3>
      <ul className={classes.list}>
        {parts.map(({ filter, ruleId, by, exclusions, example }, index) => (
          <li key={index}>
            <div className={classes.head}>
              <TopicChip topic={filter} />
              <RuleButton {...{ ruleId, by, rules, onShow }} />
            </div>
            {exclusions.length > 0 && (
              <div className={classes.cut}>
                {texts.except}{' '}
                {exclusions.map((exclusion) => (
                  <TopicChip key={exclusion} topic={exclusion} />
                ))}
              </div>
            )}
            {example !== filter && (
              <Text size="xs" c="dimmed">
                {texts.example(example)}
              </Text>
            )}
          </li>
        ))}
      </ul>
      {hasMore && (
        <Text size="sm" c="dimmed">
          {texts.more}
        </Text>
      )}
    </section>
  );
}
