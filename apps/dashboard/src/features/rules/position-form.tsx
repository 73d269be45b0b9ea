import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { rulesTexts } from './texts.js';

interface PositionFormProps {
  /** Where it is now, from 0. */
  readonly index: number;
  readonly total: number;
  readonly onMove: (to: number) => void;
}

/** Asks for a position, counted from 1 as operators do. */
export function PositionForm({ index, total, onMove }: PositionFormProps) {
  const [position, setPosition] = useState<number | string>(index + 1);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof position === 'number') onMove(position - 1);
      }}
    >
      <Stack gap="md">
        <NumberInput
          label={rulesTexts.positionLabel(total)}
          value={position}
          onChange={setPosition}
          min={1}
          max={total}
          allowDecimal={false}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button type="submit">{rulesTexts.move}</Button>
        </Group>
      </Stack>
    </form>
  );
}
