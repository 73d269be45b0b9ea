import {
  ActionIcon,
  Button,
  Group,
  Input,
  NumberInput,
  SegmentedControl,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { HttpAuthenticator, HttpAuthorizer } from '../../shared/api/generated/types.gen.js';
import { SecretInput } from './secret-input.js';
import { settingsTexts } from './texts.js';

const texts = settingsTexts.hook;

type Hook = HttpAuthenticator | HttpAuthorizer;
type Headers = NonNullable<Hook['headers']>;

interface HookFieldsProps {
  readonly hook: Hook;
  readonly onChange: (change: Partial<HttpAuthorizer>) => void;
}

/** Where a hook is, how it is spoken to, and how much. */
export function HookFields({ hook, onChange }: HookFieldsProps) {
  return (
    <Stack>
      <TextInput
        label={texts.url}
        description={texts.urlHint}
        type="url"
        value={hook.url}
        onChange={(event) => onChange({ url: event.currentTarget.value.trim() })}
        placeholder="https://auth.example.com/mqtt"
        classNames={{ input: 'perch-mono' }}
        data-autofocus
        required
        withAsterisk={false}
      />
      {'digits' in hook ? (
        <Choice
          label={texts.dialect}
          choices={texts.authorizerDialects}
          value={hook.dialect}
          onChange={(dialect) => onChange({ dialect })}
        />
      ) : (
        <Choice
          label={texts.dialect}
          choices={texts.dialects}
          value={hook.dialect === 'flywheel' ? undefined : hook.dialect}
          onChange={(dialect) => onChange({ dialect })}
        />
      )}
      {'digits' in hook && hook.dialect === 'form' && (
        <Choice
          label={texts.digits}
          choices={texts.digitKinds}
          value={hook.digits}
          onChange={(digits) => onChange({ digits })}
        />
      )}
      {'digits' in hook && <Concern hook={hook} onChange={onChange} />}
      <HeaderFields headers={hook.headers ?? []} onChange={(headers) => onChange({ headers })} />
      <Group grow align="start">
        <Whole
          label={texts.timeout}
          min={100}
          max={9_000}
          value={hook.timeoutMs}
          onChange={(timeoutMs) => onChange({ timeoutMs })}
        />
        <Whole
          label={texts.cache}
          min={0}
          max={86_400}
          value={hook.cacheSeconds}
          onChange={(cacheSeconds) => onChange({ cacheSeconds })}
        />
      </Group>
      <Group grow align="start">
        <Whole
          label={texts.concurrency}
          min={1}
          max={256}
          value={hook.concurrency}
          onChange={(concurrency) => onChange({ concurrency })}
        />
        <Whole
          label={texts.waiting}
          min={0}
          max={10_000}
          value={hook.waiting}
          onChange={(waiting) => onChange({ waiting })}
        />
      </Group>
    </Stack>
  );
}

const concerns = { both: ['publish', 'subscribe'], publish: ['publish'], subscribe: ['subscribe'] } as const;

/** What of all that no rule decides is asked of this hook. */
function Concern({ hook, onChange }: HookFieldsProps & { hook: HttpAuthorizer }) {
  const { actions = [], prefixes } = hook;
  return (
    <>
      <TagsInput
        label={texts.prefixes}
        description={texts.prefixesHint}
        value={prefixes}
        splitChars={[]}
        isDuplicate={(prefix, others) => others.includes(prefix)}
        onChange={(next) => onChange({ prefixes: next })}
        classNames={{ input: 'perch-mono' }}
      />
      <Choice
        label={texts.actions}
        choices={texts.actionKinds}
        value={actions.length === 1 ? actions[0] : 'both'}
        onChange={(kind) => onChange({ actions: [...concerns[kind]] })}
      />
    </>
  );
}

function HeaderFields({ headers, onChange }: { headers: Headers; onChange: (headers: Headers) => void }) {
  const change = (at: number, header: Headers[number]) => onChange(headers.with(at, header));
  return (
    <Stack gap="xs">
      {headers.map((header, index) => (
        <Group key={index} align="end" gap="xs" wrap="nowrap">
          <TextInput
            label={texts.headerName(index + 1)}
            value={header.name}
            onChange={(event) => change(index, { ...header, name: event.currentTarget.value.trim() })}
            required
            withAsterisk={false}
          />
          <SecretInput
            label={texts.headerValue(index + 1)}
            secret={header.value}
            onChange={(value) => change(index, { ...header, value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={texts.removeHeader(index + 1)}
            onClick={() => onChange(headers.toSpliced(index, 1))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...headers, { name: '', value: {} }])}
        >
          {texts.addHeader}
        </Button>
      </Group>
    </Stack>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly choices: Readonly<Record<Value, string>>;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}

/** One of a few words. */
export function Choice<Value extends string>({ label, choices, value, onChange }: ChoiceProps<Value>) {
  const data = Object.entries<string>(choices).map(([key, text]) => ({ value: key, label: text }));
  return (
    <Input.Wrapper label={label} labelElement="div">
      <SegmentedControl
        fullWidth
        mt={4}
        aria-label={label}
        data={data}
        value={value}
        onChange={(chosen) => onChange(chosen as Value)}
      />
    </Input.Wrapper>
  );
}

interface WholeProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number | undefined;
  readonly onChange: (value: number) => void;
}

/** A whole number within bounds. */
export function Whole({ label, min, max, value, onChange }: WholeProps) {
  return (
    <NumberInput
      label={label}
      min={min}
      max={max}
      allowDecimal={false}
      value={value}
      onChange={(next) => onChange(typeof next === 'number' ? next : min)}
      hideControls
    />
  );
}
