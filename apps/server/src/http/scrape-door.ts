import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, SetMetadata } from '@nestjs/common';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import type { PerchRequest } from './perch-request.js';

/** The metadata key that the auth guard reads. */
export const SCRAPED = 'perch:scraped';

/** The configuration may let a scraper in at this route, that cannot sign in as an operator does. */
export const Scraped = () => SetMetadata(SCRAPED, true);

/** Lets in who collects metrics, where the configuration says so: everybody, or who knows the token. */
@Injectable()
export class ScrapeDoor {
  constructor(@InjectConfig() private readonly config: Config) {}

  isOpenTo({ headers }: Pick<PerchRequest, 'headers'>): boolean {
    const { metricsAccess, metricsToken } = this.config;
    if (metricsAccess === 'anyone') return true;
    const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
    return metricsToken !== undefined && token !== undefined && isSame(token, metricsToken);
  }
}

/** Takes as long whatever is the same of them. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
