import { Group, Textarea, TextInput } from '@mantine/core';
import type { PublishForm, PublishProblems } from './publish-form.js';
import { testClientTexts } from './texts.js';
import classes from './test-client.module.css';

const texts = testClientTexts.publish;

interface PropertyFieldsProps {
  readonly form: PublishForm;
  readonly problems: PublishProblems;
  readonly onChange: (patch: Partial<PublishForm>) => void;
}

/** What MQTT 5 lets a message carry, folded away until it is wanted. */
export function PropertyFields({ form, problems, onChange }: PropertyFieldsProps) {
  const isWrong = problems.responseTopic !== null || problems.userProperties !== null;
  const field = (key: 'contentType' | 'responseTopic' | 'correlationData') => (
    <TextInput
      className={classes.grow}
      label={texts[key]}
      value={form[key]}
      error={key === 'responseTopic' && problems.responseTopic}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange({ [key]: event.currentTarget.value })}
    />
  );
  return (
    // What is wrong must not stay folded away.
    <details className={classes.properties} open={isWrong || undefined}>
      <summary>{texts.properties}</summary>
      <Group gap="sm" align="start" mt="xs">
        {field('contentType')}
        {field('responseTopic')}
        {field('correlationData')}
        <TextInput
          w={100}
          label={texts.expiry}
          inputMode="numeric"
          value={form.messageExpirySeconds}
          onChange={({ currentTarget: { value } }) =>
            /^\d{0,9}$/.test(value) && onChange({ messageExpirySeconds: value })
          }
        />
      </Group>
      <Textarea
        mt="xs"
        label={texts.userProperties}
        description={texts.userPropertiesHint}
        value={form.userProperties}
        error={problems.userProperties}
        classNames={{ input: 'perch-mono' }}
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        onChange={(event) => onChange({ userProperties: event.currentTarget.value })}
      />
    </details>
  );
}
