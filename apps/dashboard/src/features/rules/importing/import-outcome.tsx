import { Alert, Stack, Text } from '@mantine/core';
import type { ImportAnalysis, ImportError } from '@perch/policy';
import { RuleSummary } from '../rule-summary.js';
import { ImportRemarks } from './import-remarks.js';
import { ImportUsers } from './import-users.js';
import { LongList } from './long-list.js';
import { importTexts as texts } from './texts.js';
import classes from './importing.module.css';

interface ImportOutcomeProps {
  readonly isBlank: boolean;
  /** False: the analysis is still of another text. */
  readonly isCurrent: boolean;
  readonly analysis: ImportAnalysis;
}

/** What a file comes to: everything that is wrong with it, or what differs in meaning, its rules and its users. */
export function ImportOutcome({ isBlank, isCurrent, analysis }: ImportOutcomeProps) {
  const { rules, errors, remarks, users } = analysis;
  if (isBlank) return null;
  if (!isCurrent) return <Text c="dimmed">{texts.reading}</Text>;
  if (errors.length > 0) return <Errors errors={errors} />;
  return (
    <Stack gap="md">
      {rules.length === 0 && <Text c="dimmed">{texts.nothing}</Text>}
      {remarks.length > 0 && <ImportRemarks remarks={remarks} />}
      {rules.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {texts.preview(rules.length)}
          </Text>
          <LongList
            as="ol"
            className={classes.preview}
            label={texts.preview(rules.length)}
            items={rules}
            show={(rule) => <RuleSummary rule={rule} />}
          />
        </div>
      )}
      {users.length > 0 && <ImportUsers users={users} />}
    </Stack>
  );
}

function Errors({ errors }: Pick<ImportAnalysis, 'errors'>) {
  const title = texts.errors(errors.length);
  return (
    <Alert color="danger" variant="light" title={title} role="alert">
      <LongList
        as="ul"
        className={classes.errors}
        label={title}
        items={errors}
        show={(error) => (
          <>
            <strong>{placeOf(error)}</strong>: {error.message}
          </>
        )}
      />
    </Alert>
  );
}

function placeOf({ line, column, path }: ImportError): string {
  if (line !== null && column !== null) return texts.error(line, column);
  return path || texts.document;
}
