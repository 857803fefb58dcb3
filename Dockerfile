# Builds the bot with the exact packages of requirements/run.txt; runs as a user without rights.
# PyAV's wheel bundles FFmpeg with x264, which is under the GPL: an image that you pass on to others is under the GPL as a whole.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /app/venv && /app/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt

FROM python:3.13-slim
# Title cards may be in any script, and have emoji. Pillow loads FriBiDi to shape scripts.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-core fonts-droid-fallback fonts-noto-color-emoji libfribidi0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app reelmaker && mkdir -p /app/data && chown reelmaker /app/data
WORKDIR /app
COPY --from=build /app/venv /app/venv
COPY bot bot
COPY cogs cogs
ENV PATH=/app/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp HEALTH_ADDRESS=127.0.0.1:8080
# The user who runs the bot cannot write beside the code: the catalogues are compiled now.
RUN python -c "from bot.discord_ui.language.catalogues import languages; languages()"
USER reelmaker
VOLUME /app/data
# An .env file may switch the health page off; then there is nothing to ask.
HEALTHCHECK --interval=30s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as web; at = os.environ.get('HEALTH_ADDRESS'); at and web.urlopen(f'http://{at}/health', timeout=5)"]
# SIGTERM drains: work under way is finished or safe in the database.
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
