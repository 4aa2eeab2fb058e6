# Python packages are installed in a stage of their own, so that what it takes to install them
# stays behind. The tag moves with Python's security fixes; runtime.txt and .python-version agree.
FROM python:3.11-slim AS builder
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /build
COPY requirements.txt .
# Every package comes built: there is no compiler here either.
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
# Static files need settings, but none of their secrets: these values are for this one command.
RUN SECRET_KEY=only-for-collecting-static-files-0123456789-0123456789 \
    ALLOWED_HOSTS=localhost DATABASE_URL=sqlite:///unused.sqlite3 TMDB_DEMO=true \
    python manage.py collectstatic --noinput \
    # A checkout may be readable for its owner alone.
    && chmod -R a+rX /app

# Nothing in /app is this user's to change.
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "bin/healthy"]
CMD ["gunicorn"]
