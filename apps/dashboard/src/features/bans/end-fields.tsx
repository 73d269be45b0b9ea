import { Input, SegmentedControl, TextInput } from '@mantine/core';
import { useNow } from '../../shared/ui/use-now.js';
import { durations, type EndDraft, endOf } from './ban-draft.js';
import { bansTexts } from './texts.js';

const options = durations.map((value) => ({ value, label: bansTexts.durations[value] }));

interface EndFieldsProps {
  readonly draft: EndDraft;
  readonly onChange: (change: Partial<EndDraft>) => void;
  readonly description?: string;
  /** What the server said about it. */
  readonly error?: string;
}

/** How long a ban holds: a span from now, a moment, or for ever. */
export function EndFields({ draft, onChange, description, error }: EndFieldsProps) {
  const now = useNow();
  const isPast = draft.date !== '' && endOf(draft, now) === undefined;
  return (
    <Input.Wrapper label={bansTexts.duration} description={description} labelElement="div" error={error}>
      <SegmentedControl
        fullWidth
        mt={4}
        aria-label={bansTexts.duration}
        data={options}
        value={draft.duration}
        onChange={(value) => onChange({ duration: durations.find((one) => one === value) })}
      />
      {draft.duration === 'date' && (
        <TextInput
          mt="xs"
          label={bansTexts.date}
          description={bansTexts.dateHint}
          type="datetime-local"
          value={draft.date}
          onChange={(event) => onChange({ date: event.currentTarget.value })}
          error={isPast ? bansTexts.datePast : undefined}
          required
          withAsterisk={false}
        />
      )}
    </Input.Wrapper>
  );
}
