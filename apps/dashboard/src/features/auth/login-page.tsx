import { Page } from '../../shared/ui/page.js';

/** The Login page. */
export function LoginPage() {
  return <Page title="Login">{null}</Page>;
}
