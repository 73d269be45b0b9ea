import { Button, Stack } from '@mantine/core';
import { type ErrorComponentProps, Link, Outlet, useMatches } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { type Permission, useSession } from '../../shared/session/session.js';
import { EmptyState, ErrorState, ForbiddenState } from '../../shared/ui/states.js';
import { shellTexts } from './texts.js';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What a role must hold to see the page. */
    permission?: Permission;
  }
}

/** The page of the address, or the word that the operator's role may not see it. */
export function PageOutlet() {
  const leaf = useMatches().at(-1);
  const permissions = useSession()?.permissions ?? [];
  useFocusOnNavigation(leaf?.fullPath ?? '');
  const needed = leaf?.staticData.permission;
  if (needed !== undefined && !permissions.includes(needed)) return <ForbiddenState permission={needed} />;
  return <Outlet />;
}

/** A new page takes the focus, so that the keyboard and screen readers start where the change is. */
function useFocusOnNavigation(page: string): void {
  const previous = useRef(page);
  useEffect(() => {
    if (previous.current === page) return;
    previous.current = page;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [page]);
}

/** What stands in place of a page that threw. */
export function PageError({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />;
}

/** What stands at an address that leads nowhere. */
export function PageNotFound() {
  return (
    <Stack>
      <EmptyState
        title={shellTexts.notFoundTitle}
        action={
          <Button component={Link} to="/" variant="default">
            {shellTexts.toOverview}
          </Button>
        }
      >
        {shellTexts.notFoundText}
      </EmptyState>
    </Stack>
  );
}
