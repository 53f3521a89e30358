# The admission webhook. Any image with Node 22.19 or newer on its path will do as a base, so name your own:
#   docker build --build-arg BASE=my-registry.local/library/node:26-slim --tag my-registry.local/airgap-webhook:0.1.0 .
# after "npm ci && npm run build". Without Docker and without a base image: npm run image -- -o webhook.tar
ARG BASE=docker.io/library/node:26-slim
FROM ${BASE}
# Where the images of the Node project, of distributions and of distroless have it.
ENV PATH=/usr/local/bin:/usr/bin:/bin:/nodejs/bin
WORKDIR /app
COPY dist/airgap-webhook.mjs LICENSE /app/
USER 65532:65532
# Small short-lived heaps: left alone, V8 lets them grow by 60 MiB under load, for nothing.
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/airgap-webhook.mjs"]
