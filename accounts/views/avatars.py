from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from accounts.privacy import may_see_photo

# How long a picture may be shown after its owner hid it, in seconds. A new one has another address.
MAX_AGE = 300


@extend_schema(exclude=True)
class AvatarView(APIView):
    """Served to pages and apps alike; who may not see it learns not even that there is one."""

    # A page shows dozens at once.
    throttle_classes = ()

    def get(self, request: Request, user_id: int) -> HttpResponseBase:
        viewer = request.user
        assert isinstance(viewer, User)
        person = get_object_or_404(User.objects.visible_to(viewer), pk=user_id)
        if not person.avatar or not may_see_photo(viewer, person):
            raise NotFound
        return picture_answer(request, person.avatar)


def picture_answer(request: Request, avatar: FieldFile) -> HttpResponseBase:
    """For whoever may see it. Kept privately for a while; a new picture has another address."""
    etag = quote_etag(avatar.name or "")
    headers = {"ETag": etag, "Cache-Control": f"private, max-age={MAX_AGE}"}
    if unchanged := get_conditional_response(request._request, etag=etag):
        for name, value in headers.items():
            unchanged[name] = value
        return unchanged
    try:
        return FileResponse(avatar.open(), content_type="image/webp", headers=headers)
    except FileNotFoundError as error:
        raise NotFound from error
