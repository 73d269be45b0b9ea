import { Text } from '@mantine/core';
import type { MessageProperties as Properties } from '../../shared/api/generated/types.gen.js';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';
import { literal } from '../../shared/ui/literal.js';

/** The MQTT 5 properties a message was published with. */
export function MessageProperties({ properties }: { properties: Properties }) {
  const { userProperties = [], ...plain } = properties;
  const user = userProperties.map(({ name, value }) => [name, value] as const);
  const own = Object.entries(plain).map(
    ([name, value]) => [retainedTexts.propertyNames[name] ?? name, wordOf(value)] as const,
  );
  if (own.length + user.length === 0) return null;
  return (
    <section aria-label={retainedTexts.drawer.properties}>
      <Text size="sm" fw={600} mb={4}>
        {retainedTexts.drawer.properties}
      </Text>
      <dl className={classes.properties}>
        {[...own, ...user].map(([name, value], index) => (
          <div key={index}>
            <dt>{literal(name)}</dt>
            <dd className="perch-mono">{literal(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function wordOf(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? retainedTexts.yes : retainedTexts.no;
  return value;
}
