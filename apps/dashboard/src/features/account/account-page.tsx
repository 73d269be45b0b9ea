import { Page } from '../../shared/ui/page.js';

/** The Account page. */
export function AccountPage() {
  return <Page title="Account">{null}</Page>;
}
