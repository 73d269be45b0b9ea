import { Alert, Text } from '@mantine/core';
import { ApiError } from '../../../shared/api/api-error.js';
import { Literal } from '../../../shared/ui/literal.js';
import { uiTexts } from '../../../shared/ui/texts.js';
import { reviewTexts as texts } from './texts.js';

/** Why nothing was saved. */
export function SaveError({ error }: { error: Error }) {
  const problems = error instanceof ApiError ? error.errors : [];
  return (
    <Alert color="danger" variant="light" title={texts.failed} role="alert">
      {error.message}
      {problems.map(({ path, message }) => (
        <Text key={`${path} ${message}`} size="sm">
          {path}: {message}
        </Text>
      ))}
      {error instanceof ApiError && error.requestId !== null && (
        <Text size="xs" c="dimmed">
          {uiTexts.requestId} <Literal>{error.requestId}</Literal>
        </Text>
      )}
    </Alert>
  );
}
