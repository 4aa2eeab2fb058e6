/* A token may be pasted with or without "Bearer ". Runs before drf-yasg starts Swagger UI, which is on `load`. */
"use strict";
swaggerUiConfig.requestInterceptor = function (request) {
    const token = request.headers && request.headers.Authorization;
    if (token) {
        request.headers.Authorization = "Bearer " + token.trim().replace(/^bearer\s+/i, "");
    }
    return request;
};
