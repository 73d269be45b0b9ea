import { Alert, Text, TextInput } from '@mantine/core';
import { ImpactCards } from '../impact/impact-cards.js';
import { ImpactProgress } from '../impact/impact-panel.js';
import type { ImpactPreview } from '../impact/use-impact.js';
import { reviewTexts as texts } from './texts.js';
import type { Guard } from './use-guard.js';

/** What the save does to clients that are connected. */
export function ReviewImpact({ preview }: { preview: ImpactPreview }) {
  const { impact, isCurrent, error } = preview;
  return (
    <section aria-label={texts.impact}>
      <Text size="sm" fw={500} mb={4}>
        {texts.impact}
      </Text>
      {isCurrent && impact && <ImpactCards impact={impact} />}
      {error && (
        <Text size="sm" c="dimmed">
          {texts.impactUnknown(error.message)}
        </Text>
      )}
      <ImpactProgress preview={preview} />
    </section>
  );
}

/** Asks for the number of clients that lose something, where it is many. */
export function GuardField({ guard: { clients, online, typed, setTyped } }: { guard: Guard }) {
  if (clients === null) return null;
  return (
    <Alert color="danger" variant="light" role="alert">
      <TextInput
        label={texts.guard(clients, online)}
        value={typed}
        inputMode="numeric"
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </Alert>
  );
}
