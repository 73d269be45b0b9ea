import { Input, SegmentedControl, TextInput } from '@mantine/core';
import { usersTexts } from './texts.js';

interface PasswordChoiceProps {
  readonly kind: 'generate' | 'own';
  readonly password: string;
  readonly onChange: (change: { passwordKind?: 'generate' | 'own'; password?: string }) => void;
  readonly error?: string;
}

/** Whether a device's password is made by the server, or is the one that it has already. */
export function PasswordChoice({ kind, password, onChange, error }: PasswordChoiceProps) {
  const kinds = Object.entries(usersTexts.passwordKinds).map(([value, label]) => ({ value, label }));
  return (
    <Input.Wrapper
      label={usersTexts.password}
      labelElement="div"
      description={kind === 'generate' ? usersTexts.passwordGenerated : usersTexts.passwordOwn}
      error={error}
    >
      <SegmentedControl
        fullWidth
        mt={4}
        aria-label={usersTexts.password}
        data={kinds}
        value={kind}
        onChange={(value) => onChange({ passwordKind: value === 'own' ? 'own' : 'generate' })}
      />
      {kind === 'own' && (
        // In plain sight: it has to be typed into a device.
        <TextInput
          mt="xs"
          aria-label={usersTexts.password}
          value={password}
          onChange={(event) => onChange({ password: event.currentTarget.value })}
          classNames={{ input: 'perch-mono' }}
          required
          minLength={6}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Input.Wrapper>
  );
}
