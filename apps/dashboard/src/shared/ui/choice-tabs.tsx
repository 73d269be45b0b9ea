import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';

interface ChoiceTabsProps<Value extends string> {
  readonly label: string;
  /** Each tab and its words; the first is where one begins. */
  readonly words: Readonly<Record<Value, string>>;
  readonly values: readonly Value[];
  readonly value: Value;
  /** Undefined for the first tab, which an address does not name. */
  readonly onChange: (value: Value | undefined) => void;
  readonly children: ReactNode;
}

/** One list under several tabs: what is chosen decides what the list holds. */
export function ChoiceTabs<Value extends string>(props: ChoiceTabsProps<Value>) {
  const { label, words, values, value, onChange, children } = props;
  const change = (chosen: string | null) => onChange(values.find((one) => one === chosen && one !== values[0]));
  return (
    <Tabs value={value} onChange={change}>
      <Tabs.List aria-label={label}>
        {values.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {words[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={value} pt="md">
        {children}
      </Tabs.Panel>
    </Tabs>
  );
}
