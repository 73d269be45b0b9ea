import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Allow } from '../../http/allow.decorator.js';
import { Problems, Summary } from '../../http/answers.decorator.js';
import { Scraped } from '../../http/scrape-door.js';
import { contentTypes, expositionText } from './exposition.js';
import { MetricCatalogue } from './metric-catalogue.js';
import { ScrapeQuery } from './metrics.schemas.js';

const text = { schema: { type: 'string' } } as const;

@ApiTags('metrics')
@Controller('metrics')
export class ScrapeController {
  constructor(private readonly catalogue: MetricCatalogue) {}

  @Summary('All metrics as Prometheus collects them, or in the OpenMetrics format for who accepts that.')
  @Get()
  @Allow('stats:read')
  @Scraped()
  @ApiOkResponse({
    description: 'The metrics.',
    content: { 'text/plain': text, 'application/openmetrics-text': text },
  })
  @Problems(400)
  metrics(
    @Query({ schema: ScrapeQuery }) { format }: ScrapeQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): string {
    // Scrapers add versions and ways of escaping to what they accept, more with every year.
    const takesOpenMetrics = /\bapplication\/openmetrics-text\b/.test(request.headers.accept ?? '');
    const chosen = format ?? (takesOpenMetrics ? 'openmetrics' : 'prometheus');
    response.setHeader('Content-Type', contentTypes[chosen]);
    return expositionText(this.catalogue.read(), chosen);
  }
}
