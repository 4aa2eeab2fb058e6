/* ReDoc fetches its makers' logo from their site. Show ours instead, so that no request leaves this server. */
"use strict";
(function () {
    const image = HTMLImageElement.prototype;
    const source = Object.getOwnPropertyDescriptor(image, "src");
    const local = (url) => String(url).startsWith("https://cdn.redoc.ly/")
        ? document.querySelector("header.site img").src
        : url;
    image.setAttribute = function (name, value) {
        Element.prototype.setAttribute.call(this, name, name === "src" ? local(value) : value);
    };
    Object.defineProperty(image, "src", {
        ...source,
        set(url) { source.set.call(this, local(url)); },
    });
})();
