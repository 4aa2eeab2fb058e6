FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=movie_recommendation_backend.settings.production

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
# Static files need settings, but none of their secrets: these values are for this one command.
RUN SECRET_KEY=only-for-collecting-static-files-0123456789-0123456789 \
    ALLOWED_HOSTS=localhost DATABASE_URL=sqlite:///unused.sqlite3 TMDB_DEMO=true \
    python manage.py collectstatic --noinput

RUN useradd --system --no-create-home app
USER app
EXPOSE 8000
CMD ["gunicorn"]
