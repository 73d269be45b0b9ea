import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import type { Prisma } from '../../database/generated/client.js';
import { ApiError } from '../../http/api-error.js';
import { tokenHash } from '../../http/token-hash.js';
import { SecondFactorStore } from './second-factor.store.js';

const periodSeconds = 30;
const recoveryCodes = 10;
/** Clocks of telephones are a little off: the step before and the step after count, too. */
const window = 1;

/** A secret that waits until a code shows that the operator's device has it. */
export interface ProposedFactor {
  readonly secret: string;
  /** For the QR code: `otpauth://totp/…` */
  readonly uri: string;
}

/** Codes of an authenticator app [RFC 6238], and the recovery codes for when it is lost. Each opens once. */
@Injectable()
export class SecondFactor {
  constructor(private readonly store: SecondFactorStore) {}

  /** Proposes a secret; nothing asks for codes before one was confirmed. */
  async propose(operatorId: string, name: string): Promise<ProposedFactor> {
    const secret = new Secret({ size: 20 }).base32;
    await this.store.propose(operatorId, secret);
    return { secret, uri: totpOf(secret, name).toString() };
  }

  /** Whether this code of the app opens for what was proposed. 409 when nothing was. */
  async isProof(operatorId: string, code: string): Promise<string> {
    const factor = await this.store.find(operatorId);
    const secret = factor?.totpPendingSecret;
    if (!secret) throw new ApiError('not-proposed', 'Begin anew: no second factor is being set up.');
    const step = stepOf(secret, code);
    if (step !== null && (await this.store.spendStep(operatorId, step))) return secret;
    throw new ApiError('invalid-fields', 'The code is wrong, or was used already. Wait for the next one.', {
      errors: [{ path: 'code', message: 'is wrong, or was used already' }],
    });
  }

  /** Asks for codes from now on. Returns the recovery codes, which are nowhere else. */
  async enable(tx: Prisma.TransactionClient, operatorId: string, secret: string): Promise<string[]> {
    const codes = Array.from({ length: recoveryCodes }, newRecoveryCode);
    await this.store.set(tx, operatorId, { totpSecret: secret, recoveryHashes: codes.map(hashOf) });
    return codes;
  }

  disable(tx: Prisma.TransactionClient, operatorId: string): Promise<void> {
    return this.store.clear(tx, operatorId);
  }

  /** Whether the code opens: one of the app that was not used before, or a recovery code, which is spent with it. */
  async accepts(operatorId: string, secret: string, code: string): Promise<boolean> {
    const typed = code.replaceAll(/[\s-]/g, '').toLowerCase();
    if (typed.length !== 6) return this.store.spendRecoveryCode(operatorId, hashOf(typed));
    const step = stepOf(secret, typed);
    return step !== null && this.store.spendStep(operatorId, step);
  }
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Perch', label, secret: Secret.fromBase32(secret), digits: 6, period: periodSeconds });
}

/** The time step that the code is of; null when it is of none near now. */
function stepOf(secret: string, code: string): number | null {
  const timestamp = Date.now();
  const delta = totpOf(secret, '').validate({ token: code, timestamp, window });
  return delta === null ? null : Math.floor(timestamp / 1000 / periodSeconds) + delta;
}

/** 80 random bits, in groups that can be typed. */
function newRecoveryCode(): string {
  const text = randomBytes(10).toString('hex');
  return text.match(/.{5}/g)?.join('-') ?? text;
}

function hashOf(code: string): Uint8Array<ArrayBuffer> {
  return tokenHash(code.replaceAll('-', ''));
}
