# One image for web, worker, beat and migrations; docker-compose.yml shows how each is started.

FROM node:22-slim AS assets
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim AS packages
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/base.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=medspa.settings \
    WEB_HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin medspa
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=assets /assets/node_modules node_modules
COPY . .
# Collecting needs no server; the addresses only keep the settings from looking for embedded ones.
RUN DATABASE_URL=postgres://build@localhost/build REDIS_URL=redis://localhost/0 \
        python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf var node_modules \
    && install --directory --owner medspa var
USER medspa
EXPOSE 8000
ENV DEPLOYMENT=production
CMD ["gunicorn", "--config", "python:medspa.web", "medspa.wsgi"]
