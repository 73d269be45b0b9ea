import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { authLogout } from '../../shared/api/generated/sdk.gen.js';
import { isSignedOut } from '../../shared/session/session.js';
import { notifyError } from '../../shared/ui/notify.js';
import { shellTexts } from './texts.js';

/** Ends the sign-in on the server, forgets everything this tab has read, and shows the log-in page. */
export function useSignOut(): () => void {
  const queryClient = useQueryClient();
  const router = useRouter();
  const signOut = async () => {
    await authLogout().catch((error: unknown) => {
      if (!isSignedOut(error)) throw error;
    });
    await router.navigate({ to: '/login' });
    queryClient.clear();
  };
  return () => {
    signOut().catch((error: unknown) => notifyError(shellTexts.signOutFailed, error as Error));
  };
}
