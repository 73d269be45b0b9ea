import { SegmentedControl, Stack, Switch, Text, useMantineColorScheme } from '@mantine/core';
import { useShortcutsEnabled } from '../../shared/keyboard/use-shortcuts.js';
import { roleTexts } from '../../shared/roles/texts.js';
import { useSession } from '../../shared/session/session.js';
import { useDensity, useStillness } from '../../shared/ui/appearance.js';
import { Facts } from '../../shared/ui/facts.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { FactorPanel } from './factor-panel.js';
import { PasswordPanel } from './password-panel.js';
import { SessionsPanel } from './sessions-panel.js';
import { accountTexts } from './texts.js';

/** Who is signed in and what they may do, and how the dashboard behaves in this browser. */
export function AccountPage() {
  return (
    <Page title={accountTexts.title} width="narrow">
      <Identity />
      <PasswordPanel />
      <FactorPanel />
      <SessionsPanel />
      <Appearance />
      <Keyboard />
    </Page>
  );
}

function Identity() {
  const operator = useSession();
  if (!operator) return null;
  return (
    <Panel title={accountTexts.you}>
      <Facts
        facts={[
          [accountTexts.name, operator.name],
          [accountTexts.role, roleTexts.roles[operator.role].label],
          [
            accountTexts.lastLogin,
            <RelativeTime key="login" at={operator.lastLoginAt} fallback={accountTexts.never} />,
          ],
          [
            accountTexts.permissions,
            <span key="permissions" className="perch-mono">
              {operator.permissions.join(', ')}
            </span>,
          ],
        ]}
      />
    </Panel>
  );
}

const densities = (['compact', 'normal', 'comfortable'] as const).map((value) => ({
  value,
  label: accountTexts.densities[value],
}));

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [density, setDensity] = useDensity();
  const [isStill, setStill] = useStillness();
  const choose = (value: string) => {
    if (value === 'auto' || value === 'light' || value === 'dark') setColorScheme(value);
  };
  return (
    <Panel title={accountTexts.appearance}>
      <Stack gap="xs" align="start">
        <SegmentedControl
          aria-label={accountTexts.theme}
          data={Object.entries(accountTexts.themes).map(([value, label]) => ({ value, label }))}
          value={colorScheme}
          onChange={choose}
        />
        <SegmentedControl aria-label={accountTexts.density} data={densities} value={density} onChange={setDensity} />
        <Switch
          label={accountTexts.still}
          description={accountTexts.stillHint}
          checked={isStill}
          onChange={(event) => setStill(event.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed">
          {accountTexts.appearanceHint}
        </Text>
      </Stack>
    </Panel>
  );
}

function Keyboard() {
  const [isEnabled, setEnabled] = useShortcutsEnabled();
  return (
    <Panel title={accountTexts.keyboard}>
      <Switch
        label={accountTexts.shortcuts}
        description={accountTexts.shortcutsHint}
        checked={isEnabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
    </Panel>
  );
}
