import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { FormProblems, MessageForm } from './message-form.js';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';

const texts = retainedTexts.form;

interface PropertyFieldsProps {
  readonly form: MessageForm;
  readonly problems: FormProblems;
  readonly onChange: (patch: Partial<MessageForm>) => void;
}

/** What MQTT 5 lets a message carry; folded away until there is some, or somebody wants it. */
export function PropertyFields({ form, problems, onChange }: PropertyFieldsProps) {
  const isUsed = Boolean(form.contentType || form.responseTopic || form.correlationData || form.expirySeconds);
  const field = (key: 'contentType' | 'responseTopic' | 'correlationData', error: string | null = null) => (
    <TextInput
      className={classes.field}
      label={texts[key]}
      value={form[key]}
      error={error}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <details className={classes.fold} open={isUsed || form.isText || form.userProperties.length > 0 || undefined}>
      <summary>{texts.properties}</summary>
      <Stack gap="sm" mt="xs">
        <Group gap="sm" align="start">
          {field('contentType')}
          {field('responseTopic', problems.responseTopic)}
          {field('correlationData', problems.correlationData)}
          <TextInput
            w={110}
            label={texts.expiry}
            inputMode="numeric"
            value={form.expirySeconds}
            onChange={({ currentTarget: { value } }) => {
              if (/^(?:[1-9]\d{0,8})?$/.test(value)) onChange({ expirySeconds: value });
            }}
          />
        </Group>
        <Checkbox
          label={texts.isText}
          checked={form.isText}
          onChange={(event) => onChange({ isText: event.currentTarget.checked })}
        />
        <UserProperties pairs={form.userProperties} onChange={(userProperties) => onChange({ userProperties })} />
      </Stack>
    </details>
  );
}

interface UserPropertiesProps {
  readonly pairs: MessageForm['userProperties'];
  readonly onChange: (pairs: MessageForm['userProperties']) => void;
}

/** Pairs in their order; a name may come more than once. */
function UserProperties({ pairs, onChange }: UserPropertiesProps) {
  const change = (at: number, patch: Partial<(typeof pairs)[number]>) =>
    onChange(pairs.map((pair, index) => (index === at ? { ...pair, ...patch } : pair)));
  return (
    <div>
      <Text size="sm" fw={500}>
        {texts.userProperties}
      </Text>
      <Stack gap={4} mt={4}>
        {pairs.map(({ name, value }, index) => (
          <Group key={index} gap={4} wrap="nowrap">
            <TextInput
              className={classes.field}
              aria-label={texts.propertyName(index + 1)}
              value={name}
              spellCheck={false}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
            />
            <TextInput
              className={classes.field}
              aria-label={texts.propertyValue(index + 1)}
              value={value}
              spellCheck={false}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={texts.removeProperty(index + 1)}
              onClick={() => onChange(pairs.filter((_, at) => at !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <span>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...pairs, { name: '', value: '' }])}
          >
            {texts.addProperty}
          </Button>
        </span>
      </Stack>
    </div>
  );
}
