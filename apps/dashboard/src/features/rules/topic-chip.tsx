import { Fragment } from 'react';
import { topicParts } from './topic-list.js';
import classes from './rules.module.css';
import { literal } from '../../shared/ui/literal.js';

/** One topic filter, its placeholders tinted. */
export function TopicChip({ topic, isBad = false }: { topic: string; isBad?: boolean }) {
  return (
    <span className={classes.chip} data-bad={isBad || undefined}>
      <TopicText topic={topic} />
    </span>
  );
}

/** A topic filter as text, its placeholders tinted. */
export function TopicText({ topic }: { topic: string }) {
  return topicParts(topic).map(({ text, isPlaceholder }, index) =>
    isPlaceholder ? (
      <span key={index} className={classes.placeholder}>
        {literal(text)}
      </span>
    ) : (
      <Fragment key={index}>{literal(text)}</Fragment>
    ),
  );
}
