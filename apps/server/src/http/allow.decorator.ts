import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission } from './permission.js';
import { Problems } from './answers.decorator.js';

/** The metadata key that the auth guard reads. */
export const ACCESS = 'perch:access';

/** The permission that this route needs. Documents the refusals that follow from it. */
export function Allow(permission: Permission): MethodDecorator {
  return applyDecorators(
    SetMetadata(ACCESS, permission),
    ApiCookieAuth('session'),
    ApiBearerAuth('api-key'),
    ApiExtension('x-permission', permission),
    Problems(401, 403),
  );
}

/** This route answers anybody. */
export function Public(): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS, 'public'), ApiExtension('x-permission', 'public'));
}
