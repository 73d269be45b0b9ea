import { ActionIcon, Group, Switch, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Literal } from '../../shared/ui/literal.js';
import { DragHandle } from '../../shared/ui/drag-handle.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useRowDrag } from '../../shared/ui/use-row-drag.js';
import type { Member } from './access-draft.js';
import { settingsTexts } from './texts.js';
import classes from './settings.module.css';

/** What can be done with the members of a list. */
export interface MemberActions {
  readonly move: (from: number, to: number) => void;
  readonly toggle: (index: number, enabled: boolean) => void;
  readonly edit: (index: number) => void;
  readonly remove: (index: number) => void;
}

interface MemberListProps {
  readonly label: string;
  readonly members: readonly Member[];
  readonly isEditable: boolean;
  readonly actions: MemberActions;
  /** What is known of a member while it works. */
  readonly statusOf: (member: Member) => { readonly text: string | null; readonly problem: string | null };
  /** A member that may not be switched off or removed. */
  readonly isFixed: (member: Member) => boolean;
}

/** Members in the order in which they are asked; moved with the mouse, with buttons, or with Alt and an arrow key. */
export function MemberList({ label, members, isEditable, actions, statusOf, isFixed }: MemberListProps) {
  const [announcement, setAnnouncement] = useState('');
  const move = (from: number, to: number) => {
    const member = members[from];
    if (!member || to < 0 || to >= members.length) return;
    actions.move(from, to);
    setAnnouncement(settingsTexts.moved(member.id, to + 1, members.length));
    // The browser forgets the focus of what is moved.
    const isUp = to < from;
    requestAnimationFrame(() => {
      const row = document.querySelector(`[data-member="${member.id}"]`);
      row?.querySelector<HTMLElement>(isUp ? '[data-up]:not(:disabled)' : '[data-down]:not(:disabled)')?.focus();
    });
  };
  const drop = useLatest((id: string, to: number) => {
    const from = members.findIndex((member) => member.id === id);
    if (from !== to) move(from, to);
  });
  return (
    <>
      <ol className={classes.members} aria-label={label}>
        {members.map((member, index) => (
          <MemberRow
            key={member.id}
            list={label}
            member={member}
            index={index}
            total={members.length}
            isEditable={isEditable}
            isFixed={isFixed(member)}
            status={statusOf(member)}
            actions={{ ...actions, move }}
            onDrop={drop}
          />
        ))}
      </ol>
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
    </>
  );
}

/** The latest of a function, under one name: what depends on it is not set up anew each time. */
function useLatest<Arguments extends unknown[]>(run: (...given: Arguments) => void): (...given: Arguments) => void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  return useCallback((...given) => latest.current(...given), []);
}

interface MemberRowProps {
  readonly list: string;
  readonly member: Member;
  readonly index: number;
  readonly total: number;
  readonly isEditable: boolean;
  readonly isFixed: boolean;
  readonly status: { readonly text: string | null; readonly problem: string | null };
  readonly actions: MemberActions;
  readonly onDrop: (id: string, to: number) => void;
}

function MemberRow({ list, member, index, total, isEditable, isFixed, status, actions, onDrop }: MemberRowProps) {
  const row = useRef<HTMLLIElement>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const isMovable = isEditable && total > 1;
  const drag = useRowDrag({ row, handle }, { list, id: member.id, index, isEnabled: isMovable, onMove: onDrop });
  const { label, help } = settingsTexts.kinds[member.kind];
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEditable || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    actions.move(index, event.key === 'ArrowUp' ? index - 1 : index + 1);
  };
  return (
    <li
      ref={row}
      {...drag}
      className={`${classes.member} ${drag.className}`}
      data-member={member.id}
      data-off={!member.enabled}
      onKeyDown={onKeyDown}
    >
      {isMovable && <DragHandle handle={handle} label={settingsTexts.drag(member.id)} />}
      <span className={classes.position} aria-hidden>
        {index + 1}
      </span>
      <div className={classes.about}>
        <Group gap={8}>
          <Text component="span" fw={600} size="sm">
            {label}
          </Text>
          <Text component="span" size="xs" c="dimmed" className="perch-mono">
            {member.id}
          </Text>
          {!member.enabled && <StatusMark kind="neutral">{settingsTexts.off}</StatusMark>}
          {status.problem !== null && <StatusMark kind="warning">{settingsTexts.failing}</StatusMark>}
        </Group>
        <Text size="xs" c="dimmed">
          {'url' in member ? <Literal>{member.url}</Literal> : help}
        </Text>
        {'prefixes' in member && <Text size="xs">{settingsTexts.concern(member.prefixes ?? [])}</Text>}
        {status.problem !== null && <Text size="xs">{status.problem}</Text>}
        {status.text !== null && (
          <Text size="xs" c="dimmed" className="perch-number">
            {status.text}
          </Text>
        )}
      </div>
      {isEditable && <RowActions member={member} {...{ index, total, isFixed, actions }} />}
    </li>
  );
}

type RowActionsProps = Pick<MemberRowProps, 'member' | 'index' | 'total' | 'isFixed' | 'actions'>;

function RowActions({ member, index, total, isFixed, actions }: RowActionsProps) {
  const { id, enabled } = member;
  return (
    <Group gap={4} wrap="nowrap" className={classes.actions}>
      {!isFixed && (
        <Switch
          size="sm"
          mr={4}
          aria-label={settingsTexts.enabled(id)}
          checked={enabled}
          onChange={(event) => actions.toggle(index, event.currentTarget.checked)}
        />
      )}
      <Action
        label={settingsTexts.up(id)}
        disabled={index === 0}
        data-up
        onClick={() => actions.move(index, index - 1)}
      >
        <IconArrowUp size={16} aria-hidden />
      </Action>
      <Action
        label={settingsTexts.down(id)}
        disabled={index === total - 1}
        data-down
        onClick={() => actions.move(index, index + 1)}
      >
        <IconArrowDown size={16} aria-hidden />
      </Action>
      {!isFixed && (
        <>
          <Action label={settingsTexts.edit(id)} onClick={() => actions.edit(index)}>
            <IconPencil size={16} aria-hidden />
          </Action>
          <Action label={settingsTexts.remove(id)} onClick={() => actions.remove(index)}>
            <IconTrash size={16} aria-hidden />
          </Action>
        </>
      )}
    </Group>
  );
}

interface ActionProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
  readonly 'data-up'?: boolean;
  readonly 'data-down'?: boolean;
}

function Action({ label, children, ...button }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} {...button}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
