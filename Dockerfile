# One image for every role: `digitize api`, `digitize worker ROLE`, `digitize migrate` (docker-compose.yml starts them).
ARG PYTHON=python:3.11-slim-bookworm
ARG NODE=node:24-bookworm-slim

# Front-end libraries: exactly those of package-lock.json, copied to static/vendor.
FROM ${NODE} AS frontend
# hadolint ignore=DL3008  # Debian's security fixes are wanted; the release (bookworm) is what is pinned
RUN apt-get update && apt-get install -y --no-install-recommends python3-minimal && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY digitize_api/web/package.json digitize_api/web/package-lock.json digitize_api/web/
COPY scripts/frontend.py scripts/
RUN python3 scripts/frontend.py

# The virtual environment: exactly uv.lock, without the development tools.
FROM ${PYTHON} AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project
COPY . .
COPY --from=frontend /app/digitize_api/web/static/vendor digitize_api/web/static/vendor
RUN uv sync --frozen --no-dev

FROM ${PYTHON}
# hadolint ignore=DL3008  # as above; the packages are scripts/apt-run.txt without the Redis server (a service of its own)
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie poppler-utils fonts-croscore \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/digitize --create-home --shell /usr/sbin/nologin digitize
COPY --from=build /app /app
# Scratch files and upload spools go to the data folder: a volume on disk, while the rest may be mounted read-only.
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DIGITIZE_DATA=/var/lib/digitize \
    TMPDIR=/var/lib/digitize
WORKDIR /var/lib/digitize
USER 10001:10001
VOLUME /var/lib/digitize
EXPOSE 8000
ENTRYPOINT ["digitize"]
CMD ["api"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "commands.health", "api", "8000"]
