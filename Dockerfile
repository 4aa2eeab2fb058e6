# Python packages are installed in a separate stage, so that the final image does not contain the
# files needed to install them. The tag follows Python's security releases; keep runtime.txt and
# .python-version at the same version.
FROM python:3.11-slim AS builder
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /build
COPY requirements.txt .
# All packages are available as wheels, so no compiler is needed.
RUN pip install --no-cache-dir --only-binary :all: -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=movie_recommendation_backend.settings.production
RUN useradd --system --no-create-home --uid 10001 app
WORKDIR /app
COPY --from=builder /opt/venv /opt/venv
COPY . .
# collectstatic needs valid settings, but no real secrets. These values are for this command only.
RUN SECRET_KEY=only-for-collecting-static-files-0123456789-0123456789 \
    ALLOWED_HOSTS=localhost DATABASE_URL=sqlite:///unused.sqlite3 TMDB_DEMO=true \
    python manage.py collectstatic --noinput \
    # Files in a checkout may be readable by their owner only.
    && chmod -R a+rX /app

# This user cannot change anything in /app.
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "bin/healthy"]
CMD ["gunicorn"]
