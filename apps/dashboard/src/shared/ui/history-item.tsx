import { ActionIcon, Menu, type MenuItemProps } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import { usePermission } from '../session/session.js';
import { uiTexts } from './texts.js';

type AnchorProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof MenuItemProps> & {
  readonly ref?: Ref<HTMLAnchorElement>;
};

/** Whose history: an object as the audit log names it, or a rule by its id. */
type Whose = { readonly object: string } | { readonly rule: string };

const LinkItem = createLink((props: MenuItemProps & AnchorProps) => <Menu.Item component="a" {...props} />);

const LinkIcon = createLink(({ 'aria-label': label, ...props }: AnchorProps) => (
  <ActionIcon component="a" variant="subtle" color="gray" size={24} aria-label={label} title={label} {...props}>
    <IconHistory size={14} aria-hidden />
  </ActionIcon>
));

/** Goes from an object's menu to its own entries in the audit log. */
export function HistoryItem(whose: Whose) {
  if (!usePermission('audit:read')) return null;
  return (
    <LinkItem to="/audit" search={searchOf(whose)} leftSection={<IconHistory size={16} aria-hidden />}>
      {uiTexts.history}
    </LinkItem>
  );
}

/** The same beside the name of an object that has no menu. */
export function HistoryLink({ name, ...whose }: Whose & { readonly name: string }) {
  if (!usePermission('audit:read')) return null;
  return <LinkIcon to="/audit" search={searchOf(whose)} aria-label={uiTexts.historyOf(name)} />;
}

function searchOf(whose: Whose) {
  return 'object' in whose ? { object: whose.object, match: 'exact' as const } : { rule: whose.rule };
}
