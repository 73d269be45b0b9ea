import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { CertificatesService } from './certificates.service.js';
import { CertificateList, SettingsChange, SettingsDoc } from './setting.schemas.js';
import { SettingsService } from './settings.service.js';

@ApiTags('settings')
@Controller('settings')
export class SettingsController {
  constructor(
    private readonly settings: SettingsService,
    private readonly certificates: CertificatesService,
  ) {}

  @Summary('Every setting of the server: what holds, where it comes from, and whether it may be changed here.')
  @Get()
  @Allow('settings:read')
  @Answers(SettingsDoc)
  list(): Promise<SettingsDoc> {
    return this.settings.list();
  }

  @Summary('Changes settings that no file, variable or flag settles: all that are named, or none.')
  @Patch()
  @Allow('settings:write')
  @Answers(SettingsDoc)
  @Problems(422)
  change(@Body({ schema: SettingsChange }) input: SettingsChange, @CurrentActor() actor: Actor): Promise<SettingsDoc> {
    return this.settings.change(input, actor);
  }

  @Summary('The certificates that listeners show, as their files are now.')
  @Get('certificates')
  @Allow('settings:read')
  @Answers(CertificateList)
  listCertificates(): Promise<CertificateList> {
    return this.certificates.list();
  }
}
