"""DRF's throttles, by the address that we believe instead of one that anybody may write into a header."""

from rest_framework.request import Request
from rest_framework.throttling import (
    AnonRateThrottle,
    BaseThrottle,
    ScopedRateThrottle,
    UserRateThrottle,
)

from accounts.client_address import client_address


class ByClientAddress(BaseThrottle):
    def get_ident(self, request: Request) -> str:
        # A page's own request, or the one that DRF has wrapped.
        return client_address(getattr(request, "_request", request)) or "unknown"


class AnonymousThrottle(ByClientAddress, AnonRateThrottle):
    pass


class PersonThrottle(ByClientAddress, UserRateThrottle):
    pass


class ScopeThrottle(ByClientAddress, ScopedRateThrottle):
    pass
