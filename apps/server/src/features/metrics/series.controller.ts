import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { SeriesReader } from './history/series-reader.js';
import { MetricCatalogue } from './metric-catalogue.js';
import { MetricList, Series, SeriesQuery } from './metrics.schemas.js';

@ApiTags('metrics')
@Controller('series')
export class SeriesController {
  constructor(
    private readonly reader: SeriesReader,
    private readonly catalogue: MetricCatalogue,
  ) {}

  @Summary(
    'Metrics over time: seconds of the last 15 minutes, ten seconds of 6 hours, minutes of 7 days, 1,100 at most.',
  )
  @Get()
  @Allow('stats:read')
  @Answers(Series)
  @Problems(400, 503)
  read(@Query({ schema: SeriesQuery }) query: SeriesQuery): Promise<Series> {
    return this.reader.read(query);
  }

  @Summary('The metrics that there are, with what they mean.')
  @Get('metrics')
  @Allow('stats:read')
  @Answers(MetricList)
  metrics(): MetricList {
    return {
      items: this.catalogue.metrics.map(({ name, type, group, unit, help, label = null }) => {
        return { name, type, group, unit, help, label };
      }),
    };
  }
}
