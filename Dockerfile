# Operator and API: one image, two programs (/app/operator.mjs and /app/api.mjs).
#
#     docker build --tag traintask .
#
# Both bases can be replaced, so that it builds without a public registry too: `npm run images` makes its own.
ARG BUILD_IMAGE=docker.io/library/node:24-bookworm-slim
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node_modules/.bin/node scripts/bundle.ts /app operator api

# The libraries that Node.js needs, Node.js as the tests run it, and the programs: no shell, no npm.
FROM ${BASE_IMAGE}
COPY --from=build /build/node_modules/node/bin/node /usr/bin/node
COPY --from=build /app /app
LABEL org.opencontainers.image.title="TrainTask" \
      org.opencontainers.image.description="Operator and API of TrainTask" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
USER 65532:65532
WORKDIR /
ENTRYPOINT ["/usr/bin/node"]
CMD ["/app/api.mjs"]
