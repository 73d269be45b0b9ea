import { Page } from '../../shared/ui/page.js';

/** The Audit page. */
export function AuditPage() {
  return <Page title="Audit">{null}</Page>;
}
