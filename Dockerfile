# The build has everything; what runs has only what it needs.
FROM node:24-slim AS build
WORKDIR /perch
COPY package.json package-lock.json .npmrc nx.json tsconfig.json tsconfig.base.json prisma.config.mjs ./
COPY apps/server/package.json apps/server/
COPY apps/dashboard/package.json apps/dashboard/
COPY libs/broker/package.json libs/broker/
COPY libs/client/package.json libs/client/
COPY libs/nest/package.json libs/nest/
COPY libs/policy/package.json libs/policy/
COPY libs/wire/package.json libs/wire/
COPY e2e/package.json e2e/
RUN npm ci
COPY prisma prisma
COPY libs libs
COPY apps apps
RUN NX_DAEMON=false npm run build

FROM node:24-slim AS packages
WORKDIR /perch
COPY package.json package-lock.json .npmrc ./
COPY apps/server/package.json apps/server/
COPY apps/dashboard/package.json apps/dashboard/
COPY libs/broker/package.json libs/broker/
COPY libs/client/package.json libs/client/
COPY libs/nest/package.json libs/nest/
COPY libs/policy/package.json libs/policy/
COPY libs/wire/package.json libs/wire/
COPY e2e/package.json e2e/
RUN npm ci --omit=dev --workspace @perch/server

FROM node:24-slim
ENV NODE_ENV=production \
    PERCH_DATA_DIR=/data
WORKDIR /perch
RUN mkdir /data && chown node:node /data
COPY --from=packages /perch ./
COPY --from=build /perch/libs/broker/dist libs/broker/dist
COPY --from=build /perch/libs/policy/dist libs/policy/dist
COPY --from=build /perch/libs/wire/dist libs/wire/dist
COPY --from=build /perch/apps/server/dist apps/server/dist
COPY --from=build /perch/apps/dashboard/dist apps/dashboard/dist
COPY apps/server/bin apps/server/bin
COPY prisma prisma
RUN ln -s /perch/apps/server/bin/perch.mjs /usr/local/bin/perch
USER node
VOLUME /data
EXPOSE 8080 8443 1883 8883
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["node", "-e", "const { PERCH_HTTP_PORT: http = 8080, PERCH_HTTPS_PORT: https = 8443 } = process.env; const [protocol, port] = http === 'off' ? ['https', https] : ['http', http]; require(protocol).get({ port, path: '/health/live', rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "apps/server/dist/bundle/main.js"]
