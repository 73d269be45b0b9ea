import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { shellTexts } from './texts.js';

/** Turns light into dark and back. "As the system" is under Preferences. */
export function ThemeToggle() {
  const toggle = useToggleTheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const label = isDark ? shellTexts.toLight : shellTexts.toDark;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={34} onClick={toggle} aria-label={label}>
        {isDark ? <IconSun size={18} stroke={1.7} aria-hidden /> : <IconMoon size={18} stroke={1.7} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Turns light into dark and back. */
export function useToggleTheme(): () => void {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const isDark = useComputedColorScheme('light') === 'dark';
  return () => setColorScheme(isDark ? 'light' : 'dark');
}
