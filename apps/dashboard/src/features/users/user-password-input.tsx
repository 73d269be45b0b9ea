import { ActionIcon, Group, TextInput, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { generatePassword } from '../../shared/password/generate-password.js';
import { usersTexts } from './texts.js';

interface UserPasswordInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string;
}

/** A device's password: generated, in plain sight because it has to be copied, and replaceable. */
export function UserPasswordInput({ value, onChange, error }: UserPasswordInputProps) {
  return (
    <TextInput
      label={usersTexts.password}
      description={usersTexts.passwordHint}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      classNames={{ input: 'perch-mono' }}
      required
      withAsterisk={false}
      minLength={6}
      autoComplete="off"
      spellCheck={false}
      rightSectionWidth={64}
      rightSection={
        <Group gap={2} wrap="nowrap">
          <Tooltip label={usersTexts.regenerate}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={usersTexts.regenerate}
              onClick={() => onChange(generatePassword())}
            >
              <IconRefresh size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <CopyButton value={value} label={usersTexts.password.toLowerCase()} />
        </Group>
      }
    />
  );
}
