import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { toApiError } from '../../shared/api/api-error.js';
import { notifyError } from '../../shared/ui/notify.js';
import { shellTexts } from './texts.js';

/** Ends the sign-in on the server, forgets everything this tab has read, and shows the log-in page. */
export function useSignOut(): () => void {
  const queryClient = useQueryClient();
  const router = useRouter();
  const signOut = async () => {
    const response = await fetch('/api/v1/auth/logout', { method: 'POST' }).catch(() => undefined);
    if (!response?.ok && response?.status !== 401) throw toApiError(null, response);
    await router.navigate({ to: '/login' });
    queryClient.clear();
  };
  return () => {
    signOut().catch((error: unknown) => notifyError(shellTexts.signOutFailed, error as Error));
  };
}
