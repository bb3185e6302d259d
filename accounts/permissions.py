"""What a role allows, at the edges: for viewsets a class, for pages a decorator."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.browser import SignedInRequest
from accounts.models import User
from accounts.roles import Permission, allows


def permitted(permission: Permission) -> type[BasePermission]:
    class Permitted(BasePermission):
        def has_permission(self, request: Request, view: APIView) -> bool:
            user = request.user
            return isinstance(user, User) and allows(user.role, permission)

    return Permitted


def page_permitted(permission: Permission) -> Callable[..., Any]:
    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not allows(request.user.role, permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
