import { Stack, Text } from '@mantine/core';
import type { TailMessage } from '../../../shared/api/generated/types.gen.js';
import { prettyJson } from '../../../shared/payload/exact-json.js';
import { visibleText } from '../../../shared/ui/visible-text.js';
import { Literal } from '../../../shared/ui/literal.js';
import { CopyButton } from '../../../shared/ui/copy-button.js';
import { DiffView } from '../../../shared/ui/diff-view.js';
import { formatBytes, formatExact } from '../../../shared/ui/format.js';
import { topicsTexts } from '../texts.js';
import { comparable } from './payload-text.js';
import classes from '../topics.module.css';

const texts = topicsTexts.tail;

/** One message as it passed; against the one before on its topic, where that is given. */
export function MessageView({ message, previous }: { message: TailMessage; previous?: TailMessage | null }) {
  const text = (message.encoding === 'utf8' ? prettyJson(message.payload) : null) ?? message.payload;
  const shownBytes = message.encoding === 'utf8' ? new Blob([message.payload]).size : (message.payload.length / 4) * 3;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {formatExact(message.at)} · {formatBytes(message.size)} · QoS {message.qos}
        {message.retain && ` · ${texts.retain}`} · <Literal>{message.publisher}</Literal>
      </Text>
      <pre className={classes.payload} tabIndex={0} role="region" aria-label={texts.payload}>
        {visibleText(text)}
      </pre>
      {message.size > shownBytes + 2 && (
        <Text size="sm" c="warning">
          {texts.cut(formatBytes(shownBytes), formatBytes(message.size))}
        </Text>
      )}
      <span>
        <CopyButton value={text} label={texts.payload} withText />
      </span>
      {message.properties && (
        <pre className={classes.payload} tabIndex={0} role="region" aria-label={texts.properties}>
          {visibleText(JSON.stringify(message.properties, null, 2))}
        </pre>
      )}
      {previous !== undefined && <Delta message={message} previous={previous} />}
    </Stack>
  );
}

function Delta({ message, previous }: { message: TailMessage; previous: TailMessage | null }) {
  if (previous === null) {
    return (
      <Text size="sm" c="dimmed">
        {texts.noPrevious}
      </Text>
    );
  }
  if (previous.payload === message.payload) {
    return (
      <Text size="sm" c="dimmed">
        {texts.noDelta}
      </Text>
    );
  }
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {texts.delta}
      </Text>
      <DiffView label={texts.delta} before={comparable(previous)} after={comparable(message)} />
    </section>
  );
}
