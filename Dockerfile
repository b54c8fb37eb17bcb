# syntax=docker/dockerfile:1
# One image for the web server, the worker and every operator's command. Each stage calls the script that scripts/run
# uses too, so what is tested outside of containers is what happens in here.

FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
COPY setup.cfg pyproject.toml requirements.txt README.md ./
COPY scripts scripts
COPY server server
RUN scripts/build packages

FROM node:20-bookworm-slim AS pages
WORKDIR /app
COPY scripts scripts
COPY server server
COPY miniprogram miniprogram
RUN scripts/build console h5

# Certificates and posters are drawn with a Chinese font, and names in other scripts with others; whichever version does.
FROM python:3.11-slim-bookworm AS fonts
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin suishoupai \
    && install -d -o suishoupai -g suishoupai -m 700 /data
WORKDIR /app
COPY --from=packages /app /app
COPY docs/handbook.zh.md docs/news.zh.md docs/
COPY --from=fonts /usr/share/fonts/opentype/noto /usr/share/fonts/opentype/noto
COPY --from=fonts /usr/share/fonts/truetype/noto /usr/share/fonts/truetype/noto
COPY --from=pages /app/server/console/static server/console/static
COPY --from=pages /app/miniprogram/dist/build/h5 miniprogram/dist/build/h5
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PROMETHEUS_MULTIPROC_DIR=/tmp \
    SUISHOUPAI_DATA_DIR=/data \
    SUISHOUPAI_BIND=0.0.0.0:8000
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "python:server.core.ops.gunicorn_conf", "server.wsgi:app"]
