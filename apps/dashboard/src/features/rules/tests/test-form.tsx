import { Button, Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { type PolicyTest, validatePolicyTest } from '@perch/policy';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { QuestionFields } from '../simulator/question-fields.js';
import { testsTexts as texts } from './texts.js';

interface TestFormProps {
  readonly test: PolicyTest;
  readonly onDone: (test: PolicyTest) => void;
  readonly onCancel: () => void;
}

/** One access test as a form. */
export function TestForm({ test: given, onDone, onCancel }: TestFormProps) {
  const [test, setTest] = useState(given);
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // It comes in place of the button that opened it.
  useEffect(() => form.current?.focus(), []);
  const problems = validatePolicyTest(test);
  const errors = Object.fromEntries(problems.map(({ field, message }) => [field, message]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problems.length === 0) onDone(test);
  };
  return (
    <form ref={form} tabIndex={-1} aria-label={texts.form} onSubmit={submit}>
      <Stack gap="sm">
        <QuestionFields
          identity={test.client}
          action={test.action}
          topic={test.topic}
          errors={isTried ? errors : {}}
          onChange={({ identity: client, action, topic }) => setTest({ ...test, client, action, topic })}
        />
        <SegmentedControl
          fullWidth
          aria-label={texts.expect}
          value={test.expect}
          data={(['allow', 'deny'] as const).map((value) => ({ value, label: texts.expects[value] }))}
          onChange={(expect) => setTest({ ...test, expect })}
        />
        <TextInput
          label={texts.note}
          value={test.note}
          maxLength={500}
          onChange={(event) => setTest({ ...test, note: event.currentTarget.value })}
        />
        <Group gap="xs">
          <Button type="submit">{texts.done}</Button>
          <Button variant="default" onClick={onCancel}>
            {texts.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
