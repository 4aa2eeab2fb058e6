"""Content negotiation that ignores `Accept`: each operation has one format."""

from collections.abc import Iterable, Sequence

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from .renderers import JSONRenderer


class IgnoreAcceptNegotiation(DefaultContentNegotiation):
    """Select the renderer by the path's format suffix, or else the view's first renderer."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        if request.method not in ("GET", "HEAD"):
            # The HTML and YAML pages allow no other method, so the response is an error.
            renderer: BaseRenderer = JSONRenderer()
        else:
            found: Sequence[BaseRenderer] = list(renderers)
            if format_suffix:
                found = list(self.filter_renderers(found, format_suffix))
            renderer = found[0]
        return renderer, str(renderer.media_type)
