import { Radio, Stack } from '@mantine/core';
import type { ExistingChoice } from '../queries.js';
import { reviewTexts as texts } from './texts.js';

interface ExistingFieldProps {
  readonly value: ExistingChoice;
  readonly onChange: (value: ExistingChoice) => void;
}

/** What becomes of clients that lose something. */
export function ExistingField({ value, onChange }: ExistingFieldProps) {
  return (
    <Radio.Group label={texts.existing} value={value} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        {(['silent', 'disconnect'] as const).map((choice) => (
          <Radio
            key={choice}
            value={choice}
            label={texts.existings[choice]}
            description={texts.existingHints[choice]}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
