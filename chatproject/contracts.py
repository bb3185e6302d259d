"""What clients ask before anything else: what this server can do, and how it is spoken to."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chatproject.asyncapi import asyncapi_document
from chatproject.errors import NotFound
from chatproject.events import Capabilities
from conversations.capabilities import capabilities


class CapabilitiesView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=Capabilities)
    def get(self, request: Request) -> Response:
        """Limits, windows, intervals and features."""
        return Response(capabilities())


class SchemaView(APIView):
    """REST, in OpenAPI."""

    permission_classes = [AllowAny]
    schema = None

    def get(self, request: Request) -> Response:
        return Response(openapi_document())


class EventsView(APIView):
    """The socket, in AsyncAPI."""

    permission_classes = [AllowAny]
    schema = None

    def get(self, request: Request) -> Response:
        return Response(asyncapi_document())


class NoSuchEndpoint(APIView):
    """Whatever else is asked for under /api/, in any method, is refused in the one shape."""

    authentication_classes: list[Any] = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound


@cache
def openapi_document() -> dict[str, Any]:
    """Depends on the code alone, and takes half a second to make."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document
