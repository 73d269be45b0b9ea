import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { reportError } from '../../shared/report-error.js';
import { formatBytes, formatCount } from '../../shared/ui/format.js';
import { Panel } from '../../shared/ui/panel.js';
import { encodePayload, payloadFormats } from './payload-format.js';
import { PropertyFields } from './property-fields.js';
import {
  MOST_PER_SECOND,
  MOST_REPEATS,
  newPublishForm,
  publicationOf,
  type PublishForm,
  type PublishProblems,
  publishProblems,
  sayableBy,
} from './publish-form.js';
import { type Progress, repeat } from './repeater.js';
import { RequestTools } from './request-tools.js';
import type { TestConnection } from './test-connection.js';
import { testClientTexts } from './texts.js';

const texts = testClientTexts.publish;
/** More answers than these are not waited for: the broker is given time. */
const MOST_WAITING = 200;

/** Publishes a message through a tab's connection, once or several times. */
export function PublishPanel({ connection, topic = '' }: { connection: TestConnection; topic: string | undefined }) {
  const { status, form: asked } = useSyncExternalStore(connection.watch, connection.state);
  const [written, setForm] = useState<PublishForm>({ ...newPublishForm, topic: /[+#]/.test(topic) ? '' : topic });
  const form = sayableBy(asked.protocol, written);
  const [isTried, setTried] = useState(false);
  const { progress, start, stop } = useRepeat(connection, status === 'open');
  const change = (patch: Partial<PublishForm>) => setForm((before) => ({ ...before, ...patch }));
  const problems = publishProblems(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (status === 'open' && Object.values(problems).every((problem) => problem === null)) start(form);
  };
  return (
    <Panel title={texts.title} actions={<RequestTools form={form} onUse={setForm} />}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label={texts.topic}
            value={form.topic}
            error={(isTried || form.topic !== '') && problems.topic}
            classNames={{ input: 'perch-mono' }}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => change({ topic: event.currentTarget.value })}
          />
          <PayloadField form={form} problems={problems} onChange={change} />
          <DeliveryFields form={form} isJson={asked.protocol === 'json'} onChange={change} />
          {asked.protocol === 'mqtt5' && <PropertyFields form={form} problems={problems} onChange={change} />}
          <Group gap="sm" align="end">
            <RepeatFields form={form} onChange={change} />
            {progress === null ? (
              <SendButton isOpen={status === 'open'} count={form.count} />
            ) : (
              <Button variant="default" onClick={stop}>
                {texts.stop}
              </Button>
            )}
            {progress !== null && (
              <Text size="sm" className="perch-number" mb={8}>
                {texts.progress(formatCount(progress.sent), formatCount(progress.total))}
              </Text>
            )}
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

/** Sends a form so many times; ends with the page, or with the connection. */
function useRepeat(connection: TestConnection, isOpen: boolean) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<() => void>(undefined);
  const stop = () => running.current?.();
  useEffect(() => {
    if (!isOpen) running.current?.();
  }, [isOpen]);
  useEffect(() => () => running.current?.(), [connection]);
  const start = (form: PublishForm) => {
    stop();
    running.current = repeat({
      count: form.count,
      perSecond: form.perSecond,
      isHeld: () => connection.waiting >= MOST_WAITING,
      onProgress: setProgress,
      send: (number) => {
        const publication = publicationOf(form, number);
        if (publication) connection.publish(publication).catch(reportError);
      },
    });
  };
  return { progress, start, stop };
}

interface FieldsProps {
  readonly form: PublishForm;
  readonly onChange: (patch: Partial<PublishForm>) => void;
}

function PayloadField({ form, problems, onChange }: FieldsProps & { problems: PublishProblems }) {
  const encoded = encodePayload(form.payload, form.format);
  return (
    <div>
      <Textarea
        label={texts.payload}
        value={form.payload}
        error={problems.payload}
        classNames={{ input: 'perch-mono' }}
        autosize
        minRows={3}
        maxRows={14}
        spellCheck={false}
        onChange={(event) => onChange({ payload: event.currentTarget.value })}
      />
      <Group mt="xs" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={texts.format}
          value={form.format}
          data={payloadFormats.map((value) => ({ value, label: texts.formats[value] }))}
          onChange={(format) => onChange({ format })}
        />
        {'bytes' in encoded && (
          <Text size="xs" c="online">
            {texts.bytes(formatBytes(encoded.bytes.length))}
          </Text>
        )}
      </Group>
    </div>
  );
}

function DeliveryFields({ form, isJson, onChange }: FieldsProps & { isJson: boolean }) {
  return (
    <div>
      <Group gap="lg">
        <Group gap="xs">
          <Text size="sm">{texts.qos}</Text>
          <SegmentedControl
            size="xs"
            aria-label={texts.qos}
            value={String(form.qos)}
            data={isJson ? ['0', '1'] : ['0', '1', '2']}
            onChange={(qos) => onChange({ qos: Number(qos) as PublishForm['qos'] })}
          />
        </Group>
        <Checkbox
          label={texts.retain}
          checked={form.retain}
          onChange={(event) => onChange({ retain: event.currentTarget.checked })}
        />
      </Group>
      {form.qos === 0 && !isJson && (
        <Text size="xs" c="dimmed" mt={4}>
          {texts.qos0}
        </Text>
      )}
    </div>
  );
}

function RepeatFields({ form, onChange }: FieldsProps) {
  return (
    <Group gap="xs" align="end">
      <NumberInput
        label={texts.count}
        w={100}
        min={1}
        max={MOST_REPEATS}
        clampBehavior="strict"
        allowDecimal={false}
        value={form.count}
        onChange={(value) => onChange({ count: Number(value) || 1 })}
      />
      <NumberInput
        label={texts.perSecond}
        w={90}
        min={1}
        max={MOST_PER_SECOND}
        clampBehavior="strict"
        allowDecimal={false}
        disabled={form.count <= 1}
        value={form.perSecond}
        onChange={(value) => onChange({ perSecond: Number(value) || 1 })}
      />
    </Group>
  );
}

function SendButton({ isOpen, count }: { isOpen: boolean; count: number }) {
  const words = count > 1 ? texts.actionMany(formatCount(count)) : texts.action;
  if (isOpen) return <Button type="submit">{words}</Button>;
  return (
    <Tooltip label={texts.notOpen} events={{ hover: true, focus: true, touch: true }}>
      <Button type="submit" data-disabled aria-disabled>
        {words}
      </Button>
    </Tooltip>
  );
}
