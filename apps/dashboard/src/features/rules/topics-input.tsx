import { CloseButton, Input } from '@mantine/core';
import { type ClipboardEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { addTopics, splitTopics } from './topic-list.js';
import { TopicText } from './topic-chip.js';
import { rulesTexts } from './texts.js';
import classes from './rules.module.css';

interface TopicsInputProps {
  readonly topics: readonly string[];
  readonly onChange: (topics: readonly string[]) => void;
  /** Enter on an empty field: the rule is finished. */
  readonly onSubmit: () => void;
  /** What is wrong, shown at the field. */
  readonly error?: string | null;
}

/** Topics as chips: Enter or a comma adds, Backspace edits the last, many pasted lines become many chips. */
export function TopicsInput({ topics, onChange, onSubmit, error }: TopicsInputProps) {
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const add = (text: string) => {
    onChange(addTopics(topics, splitTopics(text)));
    setTyped('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isAdding = event.key === 'Enter' || event.key === ',';
    if (isAdding && typed.trim() !== '') {
      event.preventDefault();
      add(typed);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onSubmit();
    } else if (event.key === 'Backspace' && typed === '' && topics.length > 0) {
      event.preventDefault();
      setTyped(topics.at(-1) ?? '');
      onChange(topics.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text');
    if (!/[\n,]/.test(text.trim())) return;
    event.preventDefault();
    add(typed + text);
  };
  const remove = (topic: string) => {
    onChange(topics.filter((each) => each !== topic));
    field.current?.focus();
  };
  return (
    <Input.Wrapper label={rulesTexts.fields.topics} description={rulesTexts.topicsHint} error={error} id={id}>
      <div className={classes.topicsField} onClick={() => field.current?.focus()}>
        {topics.map((topic) => (
          <span key={topic} className={classes.chip}>
            <TopicText topic={topic} />
            <CloseButton
              size={24}
              iconSize={14}
              aria-label={rulesTexts.removeTopic(topic)}
              onClick={() => remove(topic)}
            />
          </span>
        ))}
        <input
          ref={field}
          id={id}
          value={typed}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          // A topic typed and left without Enter was meant.
          onBlur={() => typed.trim() !== '' && add(typed)}
        />
      </div>
    </Input.Wrapper>
  );
}
