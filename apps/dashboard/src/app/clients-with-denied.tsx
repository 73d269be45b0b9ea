import { ClientsPage } from '../features/clients/clients-page.js';
import { ClientDenied } from '../features/denied/client-denied.js';

/** The clients, each with what it was refused. */
export function ClientsWithDenied() {
  return <ClientsPage denied={(clientId) => <ClientDenied clientId={clientId} />} />;
}
