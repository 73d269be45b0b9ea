import { Button, Checkbox, Drawer, Group, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { uiTexts } from '../../shared/ui/texts.js';
import type { Member } from './access-draft.js';
import { Choice, HookFields } from './hook-fields.js';
import { JwtFields } from './jwt-fields.js';
import { settingsTexts } from './texts.js';

const texts = settingsTexts.drawer;

interface MemberDrawerProps {
  /** What is edited; null: closed. */
  readonly member: Member | null;
  readonly onApply: (member: Member) => void;
  readonly onClose: () => void;
}

/** The form of one member. Nothing of it counts before it is applied, and then saved. */
export function MemberDrawer({ member, onApply, onClose }: MemberDrawerProps) {
  return (
    <Drawer
      opened={member !== null}
      onClose={onClose}
      title={member && settingsTexts.kinds[member.kind].label}
      position="right"
      size={520}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {member && <MemberForm key={member.id} member={member} onApply={onApply} onClose={onClose} />}
    </Drawer>
  );
}

function MemberForm({ member, onApply, onClose }: MemberDrawerProps & { member: Member }) {
  const [draft, setDraft] = useState(member);
  const change = (fields: Partial<Member>) => setDraft({ ...draft, ...fields } as Member);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onApply(draft);
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Text size="sm" c="dimmed">
          {'prefixes' in member ? settingsTexts.hook.authorizes : settingsTexts.kinds[member.kind].help}
        </Text>
        <TextInput
          label={texts.id}
          description={texts.idHint}
          value={draft.id}
          onChange={(event) => change({ id: event.currentTarget.value })}
          pattern="[a-z0-9][a-z0-9\-]{0,31}"
          classNames={{ input: 'perch-mono' }}
          required
          withAsterisk={false}
        />
        <KindFields member={draft} onChange={change} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit">{texts.apply}</Button>
        </Group>
      </Stack>
    </form>
  );
}

interface KindFieldsProps {
  readonly member: Member;
  readonly onChange: (fields: Partial<Member>) => void;
}

function KindFields({ member, onChange }: KindFieldsProps) {
  if (member.kind === 'jwt') return <JwtFields jwt={member} onChange={onChange} />;
  if (member.kind === 'http') return <HookFields hook={member} onChange={onChange} />;
  if (member.kind === 'anonymous') {
    return (
      <>
        <Choice
          label={texts.allow}
          choices={texts.allowKinds}
          value={member.allow}
          onChange={(allow) => onChange({ allow })}
        />
        <Text size="xs" c="dimmed">
          {texts.allowHint}
        </Text>
        <Labels labels={member.labels} onChange={(labels) => onChange({ labels })} />
      </>
    );
  }
  if (member.kind !== 'certificate') return null;
  return (
    <>
      <Checkbox
        label={texts.requireUser}
        description={texts.requireUserHint}
        checked={member.requireUser}
        onChange={(event) => onChange({ requireUser: event.currentTarget.checked })}
      />
      {!member.requireUser && <Labels labels={member.labels} onChange={(labels) => onChange({ labels })} />}
    </>
  );
}

function Labels({ labels, onChange }: { labels: string[] | undefined; onChange: (labels: string[]) => void }) {
  return <TagsInput label={texts.labels} description={texts.labelsHint} value={labels} onChange={onChange} />;
}
