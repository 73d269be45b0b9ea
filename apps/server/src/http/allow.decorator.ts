import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
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

/** The metadata key of routes that answer clients, too. */
export const CLIENTS = 'perch:clients';

/** Clients may ask here as well, with their user credentials or a token: under the access policy, not by a permission. */
export function AlsoClients(): MethodDecorator {
  return applyDecorators(SetMetadata(CLIENTS, true), ApiBasicAuth('user'), ApiExtension('x-clients', true));
}

/** This route answers anybody. */
export function Public(): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS, 'public'), ApiExtension('x-permission', 'public'));
}
