import { Alert } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ListBody } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { AccessEditor } from './access-editor.js';
import { accessSettings } from './queries.js';
import { settingsTexts } from './texts.js';

/** Who may come in: the authenticators and authorizers in the order in which they are asked. */
export function AuthenticationPage() {
  const settings = useQuery(accessSettings());
  const doc = settings.data;
  const aside =
    doc && (doc.savedBy === null ? settingsTexts.neverSaved : settingsTexts.revision(doc.revision, doc.savedBy));
  return (
    <Page title={settingsTexts.title} aside={aside}>
      {doc?.isLocked && (
        <Alert color="gray" variant="light" icon={<IconLock aria-hidden />}>
          {settingsTexts.locked}
        </Alert>
      )}
      <ListBody query={settings}>{doc && <AccessEditor saved={doc} />}</ListBody>
    </Page>
  );
}
