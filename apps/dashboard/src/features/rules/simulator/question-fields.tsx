import { SegmentedControl, TextInput } from '@mantine/core';
import type { Action, ClientIdentity } from '@perch/policy';
import { ClientFields } from './client-fields.js';
import { simulatorTexts as texts } from './texts.js';

/** Who wants what. */
export interface Question {
  readonly identity: ClientIdentity;
  readonly action: Action;
  readonly topic: string;
}

interface QuestionFieldsProps extends Question {
  readonly onChange: (question: Question) => void;
  readonly onPick?: (identity: ClientIdentity) => void;
  /** What is wrong, by field. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** A client, what it wants, and where; picking a known client fills in who it is. */
export function QuestionFields({ identity, action, topic, onChange, onPick, errors = {} }: QuestionFieldsProps) {
  const change = (patch: Partial<Question>) => onChange({ identity, action, topic, ...patch });
  return (
    <>
      <ClientFields {...{ identity, errors, onPick }} onChange={(changed) => change({ identity: changed })} />
      <SegmentedControl
        fullWidth
        aria-label={texts.action}
        value={action}
        data={(['publish', 'subscribe'] as const).map((value) => ({ value, label: texts.actions[value] }))}
        onChange={(value) => change({ action: value })}
      />
      <TextInput
        label={texts.topic[action]}
        value={topic}
        error={errors['topic']}
        classNames={{ input: 'perch-mono' }}
        onChange={(event) => change({ topic: event.currentTarget.value })}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
    </>
  );
}
