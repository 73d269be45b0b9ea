import { Group, Textarea, TextInput } from '@mantine/core';
import type { PublishForm } from './publish-form.js';
import { testClientTexts } from './texts.js';
import classes from './test-client.module.css';

const texts = testClientTexts.publish;

interface PropertyFieldsProps {
  readonly form: PublishForm;
  readonly error: string | null;
  readonly onChange: (patch: Partial<PublishForm>) => void;
}

/** What MQTT 5 lets a message carry, folded away until it is wanted. */
export function PropertyFields({ form, error, onChange }: PropertyFieldsProps) {
  const field = (key: 'contentType' | 'responseTopic' | 'correlationData') => (
    <TextInput
      className={classes.grow}
      label={texts[key]}
      value={form[key]}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <details className={classes.properties}>
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
        error={error}
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
