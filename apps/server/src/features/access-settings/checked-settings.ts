import { ApiError } from '../../http/api-error.js';
import { accessProblems } from '../../policy/access-check.js';
import { withKeptSecrets } from '../../policy/access-secrets.js';
import type { AccessSettings } from '../../policy/access-settings.schema.js';

/** The draft, complete with the secrets that it left as they are kept. 422 with every field that is wrong. */
export function checked(draft: AccessSettings, kept: AccessSettings): AccessSettings {
  const { settings, problems } = withKeptSecrets(draft, kept);
  const errors = problems.length > 0 ? problems : accessProblems(settings);
  const [first] = errors;
  if (!first) return settings;
  throw new ApiError('invalid-fields', `${first.path}: ${first.message}.`, { errors });
}
