import { CloseButton, Group, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { visibleText } from '../../shared/ui/visible-text.js';
import { Literal, literal } from '../../shared/ui/literal.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatBytes, formatClock } from '../../shared/ui/format.js';
import { FilterSwatch } from './filter-swatch.js';
import type { LoggedMessage, MqttProperties } from './message.js';
import { bestFormat, payloadFormats, showPayload } from './payload-format.js';
import { RefusalLinks } from './refusal-links.js';
import { testClientTexts } from './texts.js';
import classes from './test-client.module.css';

const texts = testClientTexts.log;
/** So much of a payload is painted. */
const SHOWN_BYTES = 64 * 1024;

interface MessageDetailsProps {
  readonly message: LoggedMessage;
  readonly colour: number | undefined;
  /** Who published it, where that is us. */
  readonly who: { readonly clientId: string; readonly username: string | null } | null;
  readonly onClose: () => void;
}

/** One message of the log with everything it carries. */
export function MessageDetails({ message, colour, who, onClose }: MessageDetailsProps) {
  const { topic, direction, atMs, filter, properties, answer, isRefused = false, isByPolicy = false } = message;
  return (
    <section className={classes.details} aria-label={texts.details}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <Text component="div" size="sm">
          {texts[direction]} {formatClock(atMs)} · <Literal>{topic}</Literal>{' '}
          <CopyButton value={topic} label={texts.copyTopic} />
        </Text>
        <CloseButton aria-label={texts.close} onClick={onClose} />
      </Group>
      {filter !== undefined && (
        <Text size="sm" c="dimmed">
          <FilterSwatch colour={colour} /> {texts.filter} <Literal>{filter}</Literal>
        </Text>
      )}
      {isRefused && (
        <Text size="sm" c="danger">
          {answer}
        </Text>
      )}
      {isByPolicy && who && <RefusalLinks {...who} action="publish" topic={topic} />}
      <Properties properties={properties} />
      <Payload payload={message.payload} />
    </section>
  );
}

function Properties({ properties: { userProperties = [], ...named } }: { properties: MqttProperties }) {
  const { contentType, responseTopic, correlationData, expiry } = testClientTexts.publish;
  const labels = { contentType, responseTopic, correlationData, messageExpirySeconds: expiry };
  const rows = [
    ...Object.entries(named).map(([key, value]) => [labels[key as keyof typeof labels], String(value)] as const),
    ...userProperties,
  ];
  if (rows.length === 0) return null;
  return (
    <dl className={classes.properties}>
      {rows.map(([name, value], index) => (
        <div key={index}>
          <dt>{literal(name)}</dt>
          <dd className="perch-mono">{literal(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Payload({ payload }: { payload: Uint8Array }) {
  const [format, setFormat] = useState(() => bestFormat(payload));
  if (payload.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {texts.empty0}
      </Text>
    );
  }
  const shown = showPayload(payload.subarray(0, SHOWN_BYTES), format);
  return (
    <div>
      <Group gap="sm" justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label={testClientTexts.publish.format}
          value={format}
          data={payloadFormats.map((value) => ({ value, label: testClientTexts.publish.formats[value] }))}
          onChange={setFormat}
        />
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {formatBytes(payload.length)}
          </Text>
          <CopyButton value={showPayload(payload, format)} label={texts.copy} />
        </Group>
      </Group>
      <pre className={classes.payload} tabIndex={0} role="region" aria-label={testClientTexts.publish.payload}>
        {visibleText(shown)}
      </pre>
      {payload.length > SHOWN_BYTES && (
        <Text size="xs" c="dimmed">
          {texts.cut(formatBytes(SHOWN_BYTES), formatBytes(payload.length))}
        </Text>
      )}
    </div>
  );
}
