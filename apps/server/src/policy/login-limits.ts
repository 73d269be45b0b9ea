import type { Config } from '../config/config.schema.js';
import type { LoginLimits } from './login-guard.js';

/** How much guessing the configuration puts up with. */
export function loginLimitsOf(config: Config): Partial<LoginLimits> {
  const { maxFailedLogins, maxFailedLoginsPerAddress, loginBanSeconds } = config;
  return {
    failuresPerLogin: maxFailedLogins,
    failuresPerAddress: maxFailedLoginsPerAddress,
    banMs: loginBanSeconds * 1000,
  };
}
