import { Alert } from '@mantine/core';
import { rulesTexts } from './texts.js';

/** What an editor should know before the first edit. */
export function RulesNotes({ isEditable, isKept }: { isEditable: boolean; isKept: boolean }) {
  return (
    <>
      {!isEditable && (
        <Alert color="accent" variant="light" py="xs">
          {rulesTexts.readOnly}
        </Alert>
      )}
      {!isKept && (
        <Alert color="warning" variant="light" py="xs">
          {rulesTexts.notStored}
        </Alert>
      )}
    </>
  );
}
