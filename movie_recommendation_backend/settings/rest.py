"""Django REST framework, the error shape and the Swagger pages."""

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["movie_recommendation_backend.http.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": (
        "movie_recommendation_backend.http.negotiation.IgnoreAcceptNegotiation"
    ),
    "URL_FORMAT_OVERRIDE": None,
    # Bearer alone: a session cookie of the admin's authenticates nothing here. What is public
    # says so itself, and then does not even look at a token.
    "DEFAULT_AUTHENTICATION_CLASSES": ["users.accounts.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["movie_recommendation_backend.http.throttling.ClientThrottle"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
}

DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "movie_recommendation_backend.http.errors.ExceptionHandler",
    # One shape in every mode; the traceback is in the log.
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}

SWAGGER_USE_COMPAT_RENDERERS = False
SWAGGER_SETTINGS = {
    # Swagger UI would otherwise ask its own page for the description, with ?format=openapi.
    "SPEC_URL": ("schema", None, {"extension": "json"}),
    "DEFAULT_INFO": "movie_recommendation_backend.openapi.info.API_INFO",
    "SECURITY_DEFINITIONS": {
        "Bearer": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The access token of a registration or a login.",
        }
    },
    "USE_SESSION_AUTH": False,
    # Authorized pages stay so over a reload.
    "PERSIST_AUTH": True,
    "DEFAULT_MODEL_RENDERING": "example",
    "DOC_EXPANSION": "list",
    "VALIDATOR_URL": None,
}
REDOC_SETTINGS = {"SPEC_URL": ("schema", None, {"extension": "json"})}
