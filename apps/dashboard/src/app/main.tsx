import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './tokens.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../shared/api/query-client.js';
import { reportError } from '../shared/report-error.js';
import { sessionQuery } from '../shared/session/session.js';
import { Providers } from './providers.js';
import { createAppRouter } from './router.js';

const queryClient = createQueryClient(() => {
  queryClient.removeQueries({ queryKey: sessionQuery().queryKey });
  // The guard of the shell sends to the log-in page, and remembers the address that was wanted.
  router.invalidate().catch(reportError);
});
const router = createAppRouter(queryClient);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers queryClient={queryClient}>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
