import { Injectable } from '@nestjs/common';
import { Broker, type Counters } from '@perch/broker';
import { HttpDoors } from '../../broker/callers/http-doors.js';
import { LeaseBook } from '../../broker/registry/lease-book.js';
import { IdempotentAnswers } from '../../http/idempotent-answers.js';
import type { HttpFigures } from './catalogue/http-metrics.js';

/** Where the doors that are bare HTTP count. */
@Injectable()
export class HttpProbes implements HttpFigures {
  readonly counters: Counters;

  constructor(
    { counters }: Broker,
    readonly doors: HttpDoors,
    readonly answers: IdempotentAnswers,
    readonly registry: LeaseBook,
  ) {
    this.counters = counters;
  }
}
