import { SegmentedControl, Text } from '@mantine/core';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly words: Readonly<Record<Value, string>>;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few, each with its word. */
export function Choice<Value extends string>({ label, words, value, onChange }: ChoiceProps<Value>) {
  const data = (Object.keys(words) as Value[]).map((each) => ({ value: each, label: words[each] }));
  return (
    <div>
      <Text size="sm" mb={4}>
        {label}
      </Text>
      <SegmentedControl aria-label={label} data={data} value={value} onChange={onChange} />
    </div>
  );
}
