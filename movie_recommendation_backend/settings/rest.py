"""Django REST framework, the error shape and the documentation pages."""

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["movie_recommendation_backend.http.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["movie_recommendation_backend.http.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": (
        "movie_recommendation_backend.http.negotiation.IgnoreAcceptNegotiation"
    ),
    "URL_FORMAT_OVERRIDE": None,
    # Only bearer tokens: the admin's session cookie does not authenticate API requests. Public
    # views override these settings and ignore tokens.
    "DEFAULT_AUTHENTICATION_CLASSES": ["users.accounts.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["movie_recommendation_backend.http.throttling.ClientThrottle"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
}

DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "movie_recommendation_backend.http.errors.ExceptionHandler",
    # The same shape with DEBUG. The traceback is in the log.
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}

SWAGGER_USE_COMPAT_RENDERERS = False
SWAGGER_SETTINGS = {
    # By default, Swagger UI requests the schema from its own page, with ?format=openapi.
    "SPEC_URL": ("schema", None, {"extension": "json"}),
    "DEFAULT_INFO": "movie_recommendation_backend.openapi.info.API_INFO",
    "SECURITY_DEFINITIONS": {
        "Bearer": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The access token from registration or login.",
        }
    },
    "USE_SESSION_AUTH": False,
    # Stay authorized after a reload.
    "PERSIST_AUTH": True,
    "DEFAULT_MODEL_RENDERING": "example",
    "DOC_EXPANSION": "list",
    "VALIDATOR_URL": None,
}
REDOC_SETTINGS = {"SPEC_URL": ("schema", None, {"extension": "json"})}
