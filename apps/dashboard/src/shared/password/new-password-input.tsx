import { PasswordInput } from '@mantine/core';
import { passwordStrength, type Strength } from './password-strength.js';
import { passwordTexts } from './texts.js';
import classes from './new-password-input.module.css';

const steps: readonly Strength[] = ['weak', 'fair', 'good', 'strong'];

interface NewPasswordInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly minLength: number;
  readonly error?: string;
}

/** Where a person chooses a password: with its strength, and friendly to password managers. */
export function NewPasswordInput({ label, value, onChange, minLength, error }: NewPasswordInputProps) {
  return (
    <div>
      <PasswordInput
        label={label}
        description={passwordTexts.atLeast(minLength)}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        autoComplete="new-password"
        name="new-password"
        required
        withAsterisk={false}
      />
      <div role="status">{value !== '' && <StrengthMeter value={value} minLength={minLength} />}</div>
    </div>
  );
}

function StrengthMeter({ value, minLength }: { value: string; minLength: number }) {
  const missing = minLength - value.length;
  const strength = missing > 0 ? 'weak' : passwordStrength(value);
  const reached = steps.indexOf(strength) + 1;
  return (
    <div className={classes.meter}>
      <span className={classes.bars} data-strength={strength} aria-hidden>
        {steps.map((step, index) => (
          <span key={step} data-on={index < reached} />
        ))}
      </span>
      <span>
        {passwordTexts.strengthLabel}: {passwordTexts.strength[strength]}
        {missing > 0 && `, ${passwordTexts.tooShort(missing)}`}
      </span>
    </div>
  );
}
