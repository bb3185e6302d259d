from datetime import date

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response
from rest_framework.test import APIClient

from chatproject.deprecation import deprecated
from chatproject.errors import Conflict
from chatproject.events import UnreadNotifications
from chatproject.rest import ApiRequest, ApiViewSet, operation

pytestmark = [pytest.mark.once, pytest.mark.urls(__name__)]


class OldViewSet(ApiViewSet):
    permission_classes = []
    authentication_classes = []

    @deprecated(since=date(2027, 1, 1), until=date(2027, 7, 1), instead="GET /api/new")
    @operation(answer=UnreadNotifications)
    def list(self, request: ApiRequest) -> Response:
        """Count as we did then."""
        if "fail" in request.query_params:
            raise Conflict
        return Response(UnreadNotifications(unread_count=1))


urlpatterns = [path("api/old", OldViewSet.as_view({"get": "list"}))]


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?fail", 409)])
def test_each_answer_says_when_the_operation_goes(query, status) -> None:
    response = APIClient().get(f"/api/old{query}")
    assert response.status_code == status
    assert response["Deprecation"] == "@1798761600"
    assert response["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert response["Link"] == '</api/docs>; rel="deprecation"'


def test_the_schema_says_it_too() -> None:
    document = SchemaGenerator(urlconf=__name__).get_schema(request=None, public=True)
    described = document["paths"]["/api/old"]["get"]
    assert described["deprecated"]
    assert described["description"].endswith("Goes on 2027-07-01; use GET /api/new instead.")
