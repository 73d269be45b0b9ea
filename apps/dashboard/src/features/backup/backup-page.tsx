import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { backupAddress } from './queries.js';
import { RestorePanel } from './restore-panel.js';
import { backupTexts as texts } from './texts.js';

/** The configuration as one file: taken, and brought back after a look at what that would change. */
export function BackupPage() {
  return (
    <Page title={texts.title} width="narrow">
      <Text size="sm" c="dimmed" mt={-8}>
        {texts.explain}
      </Text>
      <TakePanel />
      <RestorePanel />
    </Page>
  );
}

function TakePanel() {
  const [withSecrets, setWithSecrets] = useState(true);
  return (
    <Panel title={texts.take.title}>
      <Stack gap="sm" align="flex-start">
        <Checkbox
          label={texts.take.secrets}
          checked={withSecrets}
          onChange={(event) => setWithSecrets(event.currentTarget.checked)}
        />
        {withSecrets ? (
          <Text size="sm" c="warning">
            {texts.take.isSecret}
          </Text>
        ) : (
          <Text size="sm">{texts.take.withoutSecrets}</Text>
        )}
        <Button
          component="a"
          href={backupAddress(withSecrets)}
          download
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {texts.take.download}
        </Button>
      </Stack>
    </Panel>
  );
}
