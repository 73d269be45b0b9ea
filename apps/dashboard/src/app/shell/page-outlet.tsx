import { type ErrorComponentProps, Outlet, useMatches, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { reportError } from '../../shared/report-error.js';
import { type Permission, useSession } from '../../shared/session/session.js';
import { Gate } from '../../shared/ui/gate.js';
import { LinkButton } from '../../shared/ui/links.js';
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
  const router = useRouter();
  const retry = () => {
    reset();
    router.invalidate().catch(reportError);
  };
  return <ErrorState error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />;
}

/** What stands in place of everything, when not even the frame could be shown. */
export function RootError(props: ErrorComponentProps) {
  return (
    <Gate title={shellTexts.crashTitle} wide>
      <PageError {...props} />
    </Gate>
  );
}

/** What stands at an address that leads nowhere. */
export function PageNotFound() {
  const home = (
    <LinkButton to="/" variant="default">
      {shellTexts.toOverview}
    </LinkButton>
  );
  return (
    <EmptyState title={shellTexts.notFoundTitle} action={home} isPage>
      {shellTexts.notFoundText}
    </EmptyState>
  );
}
