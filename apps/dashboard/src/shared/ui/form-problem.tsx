import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api/api-error.js';
import { Literal } from './literal.js';
import { uiTexts } from './texts.js';

/** What the server said about one field of a form. */
export function fieldError(error: Error | null, path: string): string | undefined {
  return error instanceof ApiError ? error.fields[path] : undefined;
}

/** What is wrong with a form as a whole; nothing when every problem stands at its field. */
export function FormProblem({ error, shownFields = [] }: { error: Error | null; shownFields?: readonly string[] }) {
  if (error === null) return null;
  const isApiError = error instanceof ApiError;
  const other = isApiError ? error.errors.filter(({ path }) => !shownFields.includes(path)) : [];
  if (isApiError && error.errors.length > 0 && other.length === 0) return null;
  return (
    <Alert
      color="danger"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={isApiError ? error.title : undefined}
    >
      {isApiError ? error.detail : error.message}
      {other.map(({ path, message }) => (
        <Text key={path} size="sm">
          {path}: {message}
        </Text>
      ))}
      {isApiError && error.requestId !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          {uiTexts.requestId} <Literal>{error.requestId}</Literal>
        </Text>
      )}
    </Alert>
  );
}
