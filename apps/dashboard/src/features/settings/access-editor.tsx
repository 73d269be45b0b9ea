import { Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccessDoc } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { notifyUndo } from '../../shared/ui/notify.js';
import { Panel } from '../../shared/ui/panel.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import {
  type AccessContent,
  addableKinds,
  type Authenticator,
  contentOf,
  isSameContent,
  type Member,
  moved,
  newAuthenticator,
  newHookAuthorizer,
  withNew,
} from './access-draft.js';
import { ForgetDialog } from './forget-dialog.js';
import { MemberDrawer } from './member-drawer.js';
import { type MemberActions, MemberList } from './member-list.js';
import { accessStatus } from './queries.js';
import { ReviewAccess } from './review-access.js';
import { settingsTexts } from './texts.js';
import { TryPanel } from './try-panel.js';
import classes from './settings.module.css';

type ListName = keyof AccessContent;

/** What is edited: a place in a list, or one behind its end. */
interface Editing {
  readonly list: ListName;
  readonly index: number;
  readonly member: Member;
}

/** The draft of who may come in. Nothing of it counts before it is saved. */
export function AccessEditor({ saved }: { saved: AccessDoc }) {
  const [base, setBase] = useState(saved);
  const [content, setContent] = useState(contentOf(saved));
  const [editing, setEditing] = useState<Editing | null>(null);
  const [dialog, setDialog] = useState<'review' | 'forget' | null>(null);
  const isDirty = !isSameContent(content, contentOf(base));
  const reset = (doc: AccessDoc) => {
    setBase(doc);
    setContent(contentOf(doc));
  };
  // What somebody else saved is taken over as long as nothing is lost by it.
  if (!isDirty && saved.revision !== base.revision) reset(saved);
  const isEditable = usePermission('settings:write') && !saved.isLocked;
  const apply = (member: Member) => {
    if (editing) setContent(withMember(content, { ...editing, member }));
    setEditing(null);
  };
  return (
    <Stack>
      <EditorBar
        isDirty={isDirty}
        isLocked={saved.isLocked}
        onDiscard={() => reset(saved)}
        onReview={() => setDialog('review')}
        onForget={() => setDialog('forget')}
      />
      <Lists content={content} isEditable={isEditable} isDirty={isDirty} onChange={setContent} onEdit={setEditing} />
      {isEditable && <TryPanel content={content} />}
      <MemberDrawer member={editing?.member ?? null} onApply={apply} onClose={() => setEditing(null)} />
      <ReviewAccess
        opened={dialog === 'review'}
        saved={base}
        content={content}
        onSaved={reset}
        onClose={() => setDialog(null)}
      />
      <ForgetDialog opened={dialog === 'forget'} onClose={() => setDialog(null)} />
    </Stack>
  );
}

interface EditorBarProps {
  readonly isDirty: boolean;
  readonly isLocked: boolean;
  readonly onDiscard: () => void;
  readonly onReview: () => void;
  readonly onForget: () => void;
}

function EditorBar({ isDirty, isLocked, onDiscard, onReview, onForget }: EditorBarProps) {
  const nothing = isDirty ? null : settingsTexts.nothingToSave;
  return (
    <Group gap="xs">
      <Text size="sm" c={isDirty ? undefined : 'dimmed'} role="status">
        {isDirty ? settingsTexts.unsaved : settingsTexts.saved}
      </Text>
      {isDirty && (
        <Button variant="subtle" color="gray" px="xs" onClick={onDiscard}>
          {settingsTexts.discard}
        </Button>
      )}
      <Group gap="xs" ml="auto">
        <PermittedButton permission="settings:write" variant="default" onClick={onForget}>
          {settingsTexts.forget}
        </PermittedButton>
        <PermittedButton
          permission="settings:write"
          disabledReason={isLocked ? settingsTexts.locked : nothing}
          onClick={onReview}
        >
          {settingsTexts.review}
        </PermittedButton>
      </Group>
    </Group>
  );
}

interface ListsProps {
  readonly content: AccessContent;
  readonly isEditable: boolean;
  readonly isDirty: boolean;
  readonly onChange: (content: AccessContent) => void;
  readonly onEdit: (editing: Editing) => void;
}

function Lists({ content, isEditable, isDirty, onChange, onEdit }: ListsProps) {
  const status = useQuery(accessStatus()).data;
  const actionsOn = (list: ListName) => memberActions({ list, content, onChange, onEdit });
  const statusIn =
    (list: ListName) =>
    ({ id }: Member) =>
      statusText(isDirty ? undefined : status?.[list].find((one) => one.id === id));
  const { authorizers } = content;
  const addHook = () =>
    onEdit({ list: 'authorizers', index: authorizers.length, member: newHookAuthorizer(authorizers) });
  return (
    <>
      <Panel
        flush
        title={settingsTexts.authenticators}
        actions={isEditable && <AddMenu list={content.authenticators} onAdd={onEdit} />}
      >
        <Text size="sm" c="dimmed" className={classes.lead}>
          {content.authenticators.length === 0 ? settingsTexts.empty : settingsTexts.explain}
        </Text>
        <MemberList
          label={settingsTexts.authenticators}
          members={content.authenticators}
          isEditable={isEditable}
          actions={actionsOn('authenticators')}
          isFixed={() => false}
          statusOf={statusIn('authenticators')}
        />
      </Panel>
      <Panel
        flush
        title={settingsTexts.authorizers}
        actions={isEditable && <AddButton label={settingsTexts.addHook} onClick={addHook} />}
      >
        <Text size="sm" c="dimmed" className={classes.lead}>
          {settingsTexts.explainAuthorizers}
        </Text>
        <MemberList
          label={settingsTexts.authorizers}
          members={content.authorizers}
          isEditable={isEditable}
          actions={actionsOn('authorizers')}
          isFixed={({ kind }) => kind === 'policy'}
          statusOf={statusIn('authorizers')}
        />
      </Panel>
    </>
  );
}

function AddMenu({ list, onAdd }: { list: readonly Authenticator[]; onAdd: (editing: Editing) => void }) {
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <AddButton label={settingsTexts.add} />
      </Menu.Target>
      <Menu.Dropdown>
        {addableKinds(list).map((kind) => (
          <Menu.Item
            key={kind}
            onClick={() => onAdd({ list: 'authenticators', index: list.length, member: newAuthenticator(kind, list) })}
          >
            {settingsTexts.kinds[kind].label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function AddButton({ label, ...button }: { label: string; onClick?: () => void }) {
  return (
    <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} {...button}>
      {label}
    </Button>
  );
}

type Answers = { accepted: number; refused: number; ignored: number; failed: number; problem: string | null };

function statusText(answers: Answers | undefined) {
  if (!answers) return { text: null, problem: null };
  return { text: settingsTexts.counts(answers), problem: answers.problem };
}

interface ActionsOf {
  readonly list: ListName;
  readonly content: AccessContent;
  readonly onChange: (content: AccessContent) => void;
  readonly onEdit: (editing: Editing) => void;
}

function memberActions({ list, content, onChange, onEdit }: ActionsOf): MemberActions {
  const members: readonly Member[] = content[list];
  const change = (next: readonly Member[]) => onChange({ ...content, [list]: next });
  return {
    move: (from, to) => change(moved(members, from, to)),
    toggle: (index, enabled) => change(members.map((member, at) => (at === index ? { ...member, enabled } : member))),
    edit: (index) => {
      const member = members[index];
      if (member) onEdit({ list, index, member });
    },
    remove: (index) => {
      change(members.toSpliced(index, 1));
      notifyUndo(settingsTexts.removed(members[index]?.id ?? ''), () => onChange(content));
    },
  };
}

function withMember(content: AccessContent, { list, index, member }: Editing): AccessContent {
  const members: readonly Member[] = content[list];
  if (index < members.length) return { ...content, [list]: members.with(index, member) };
  if (list === 'authorizers')
    return { ...content, [list]: [...content.authorizers, member] as AccessContent['authorizers'] };
  return { ...content, [list]: withNew(content.authenticators, member as Authenticator) };
}
