# Sourced by the Procfile: what every process of a platform needs.
export DJANGO_SETTINGS_MODULE=movie_recommendation_backend.settings.production
# Heroku sets REDIS_URL itself, and its Redis has a certificate that it signed itself.
case "${DYNO:+heroku}${REDIS_URL:-}" in
herokurediss://*\?*) ;;
herokurediss://*) export REDIS_URL="$REDIS_URL?ssl_cert_reqs=none" ;;
esac
