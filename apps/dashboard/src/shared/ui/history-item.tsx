import { Menu, type MenuItemProps } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import { usePermission } from '../session/session.js';
import { uiTexts } from './texts.js';

type AnchorItemProps = MenuItemProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof MenuItemProps> & { readonly ref?: Ref<HTMLAnchorElement> };

function AnchorItem(props: AnchorItemProps) {
  return <Menu.Item component="a" {...props} />;
}

const LinkItem = createLink(AnchorItem);

/** Goes from an object's menu to its own entries in the audit log. */
export function HistoryItem({ object }: { object: string }) {
  if (!usePermission('audit:read')) return null;
  return (
    <LinkItem to="/audit" search={{ object }} leftSection={<IconHistory size={16} aria-hidden />}>
      {uiTexts.history}
    </LinkItem>
  );
}
