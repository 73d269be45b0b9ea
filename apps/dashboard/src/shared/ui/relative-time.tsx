import { formatExact, formatRelative } from './format.js';
import { uiTexts } from './texts.js';
import { useNow } from './use-now.js';

/** A moment as "3 min ago", exact on hover, and kept up to date. */
export function RelativeTime({ at, fallback = uiTexts.unknown }: { at: string | null | undefined; fallback?: string }) {
  const now = useNow();
  if (at === null || at === undefined) return <span>{fallback}</span>;
  return (
    <time dateTime={at} title={formatExact(at)}>
      {formatRelative(new Date(at).getTime(), now)}
    </time>
  );
}
