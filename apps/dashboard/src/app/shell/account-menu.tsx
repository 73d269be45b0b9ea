import { ActionIcon, Avatar, Menu, Text } from '@mantine/core';
import { IconKeyboard, IconLogout, IconSettings } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../shared/session/session.js';
import { shellTexts } from './texts.js';
import { useSignOut } from './use-sign-out.js';

/** Who is signed in, their preferences, and the way out. */
export function AccountMenu({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  const operator = useSession();
  const signOut = useSignOut();
  const name = operator?.name ?? '';
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="transparent" color="gray" size={34} radius="xl" aria-label={shellTexts.account(name)}>
          <Avatar size={28} radius="xl" color="accent" name={name} aria-hidden alt="" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text component="span" size="sm" fw={500} c="var(--perch-text)" display="block">
            {name}
          </Text>
          {operator && shellTexts.roles[operator.role]}
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconSettings size={16} aria-hidden />}>
          {shellTexts.preferences}
        </Menu.Item>
        <Menu.Item onClick={onShowShortcuts} leftSection={<IconKeyboard size={16} aria-hidden />}>
          {shellTexts.shortcuts}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={signOut} leftSection={<IconLogout size={16} aria-hidden />}>
          {shellTexts.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
