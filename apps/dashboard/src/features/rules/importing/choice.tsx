import { SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';

/** Below this width the words of three do not fit side by side. */
const NARROW = '(max-width: 560px)';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly words: Readonly<Record<Value, string>>;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few, each with its word. */
export function Choice<Value extends string>({ label, words, value, onChange }: ChoiceProps<Value>) {
  const orientation = useMediaQuery(NARROW) ? 'vertical' : 'horizontal';
  const data = (Object.keys(words) as Value[]).map((each) => ({ value: each, label: words[each] }));
  return (
    <div>
      <Text size="sm" mb={4}>
        {label}
      </Text>
      <SegmentedControl aria-label={label} {...{ orientation, data, value, onChange }} />
    </div>
  );
}
