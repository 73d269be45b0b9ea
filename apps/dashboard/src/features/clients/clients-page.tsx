import { Page } from '../../shared/ui/page.js';

/** The Clients page. */
export function ClientsPage() {
  return <Page title="Clients">{null}</Page>;
}
