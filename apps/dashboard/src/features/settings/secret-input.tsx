import { PasswordInput } from '@mantine/core';
import type { Secret } from '../../shared/api/generated/types.gen.js';
import { settingsTexts } from './texts.js';

interface SecretInputProps {
  readonly label: string;
  readonly description?: string;
  readonly secret: Secret;
  readonly onChange: (secret: Secret) => void;
}

/** A secret that can be set and replaced, and never read. Left empty, what is kept stays. */
export function SecretInput({ label, description, secret, onChange }: SecretInputProps) {
  const { isSet = false, value = '' } = secret;
  return (
    <PasswordInput
      label={label}
      description={description}
      placeholder={isSet ? settingsTexts.secretIsSet : settingsTexts.secretMissing}
      value={value}
      onChange={({ currentTarget }) =>
        onChange({ isSet, ...(currentTarget.value !== '' && { value: currentTarget.value }) })
      }
      autoComplete="new-password"
      spellCheck={false}
    />
  );
}
