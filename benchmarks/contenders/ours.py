"""The site's production settings, and a bare view behind its middleware."""

from movie_recommendation_backend.settings.production import *

ROOT_URLCONF = "benchmarks.contenders.ours_urls"
