# Sourced by the Procfile. Sets what every process on a platform needs.
export DJANGO_SETTINGS_MODULE=movie_recommendation_backend.settings.production
# Heroku sets REDIS_URL. Its Redis has a self-signed certificate, which must be accepted.
case "${DYNO:+heroku}${REDIS_URL:-}" in
herokurediss://*\?*) ;;
herokurediss://*) export REDIS_URL="$REDIS_URL?ssl_cert_reqs=none" ;;
esac
