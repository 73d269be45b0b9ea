import { z } from 'zod';
import { operatorPassword } from '../operators/operator.schemas.js';

const currentPassword = z.string().max(1024).describe('The password as it is now.');

export const PasswordChange = z
  .strictObject({ current: currentPassword, password: operatorPassword })
  .meta({ id: 'PasswordChange' });

export type PasswordChange = z.infer<typeof PasswordChange>;

export const PasswordProof = z.strictObject({ current: currentPassword }).meta({ id: 'PasswordProof' });

export type PasswordProof = z.infer<typeof PasswordProof>;

export const ProposedSecondFactor = z
  .object({ secret: z.string().describe('In base32, to be typed.'), uri: z.string().describe('For a QR code.') })
  .meta({ id: 'ProposedSecondFactor' });

export type ProposedSecondFactor = z.infer<typeof ProposedSecondFactor>;

export const SecondFactorCode = z.strictObject({ code: z.string().max(64) }).meta({ id: 'SecondFactorCode' });

export type SecondFactorCode = z.infer<typeof SecondFactorCode>;

export const RecoveryCodes = z
  .object({ codes: z.array(z.string()).describe('Each opens once in place of a code. Shown this once.') })
  .meta({ id: 'RecoveryCodes' });

export type RecoveryCodes = z.infer<typeof RecoveryCodes>;
