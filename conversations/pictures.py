from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from accounts.views.avatars import picture_answer
from conversations.models import Conversation


@extend_schema(exclude=True)
class GroupPictureView(APIView):
    """Served to pages and apps alike, for whoever is or was a member."""

    # A list shows dozens at once.
    throttle_classes = ()

    def get(self, request: Request, conversation_id: int) -> HttpResponseBase:
        viewer = request.user
        assert isinstance(viewer, User)
        group = get_object_or_404(Conversation.objects.visible_to(viewer), pk=conversation_id)
        if not group.picture:
            raise NotFound
        return picture_answer(request, group.picture)
