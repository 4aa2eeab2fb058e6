"""Content negotiation without negotiating: every operation answers in its one format."""

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer


class IgnoreAcceptNegotiation(DefaultContentNegotiation):
    """Choose the renderer by the path's format suffix, else the view's first; ignore `Accept`."""

    def select_renderer(self, request, renderers, format_suffix=None):
        if request.method not in ("GET", "HEAD"):
            # On a page or a YAML file this can only be an error.
            return JSONRenderer(), JSONRenderer.media_type
        if format_suffix:
            renderers = self.filter_renderers(renderers, format_suffix)
        return renderers[0], renderers[0].media_type
