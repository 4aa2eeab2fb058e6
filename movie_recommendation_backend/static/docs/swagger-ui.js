/* Accept tokens with or without "Bearer ". drf-yasg starts Swagger UI later, on `load`. */
"use strict";
swaggerUiConfig.requestInterceptor = function (request) {
    const token = request.headers && request.headers.Authorization;
    if (token) {
        request.headers.Authorization = "Bearer " + token.trim().replace(/^bearer\s+/i, "");
    }
    return request;
};
