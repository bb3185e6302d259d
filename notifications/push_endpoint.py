"""Where a push may go: an endpoint is user input that our server will call, so it must be public.

Asked when subscribing, and again when sending: a name may point elsewhere by then.
"""

import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from chatproject.errors import Invalid, Unavailable

LOOKUP_TIMEOUT = 5  # seconds
# getaddrinfo knows no timeout: a slow look-up keeps its thread, and these are all that it can keep.
_lookups = ThreadPoolExecutor(max_workers=4, thread_name_prefix="push-endpoint-lookup")

# IPv6 that carries an IPv4 address to a translator: it reaches whatever that one does.
TRANSLATED = IPv6Network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


def check_endpoint(url: str) -> None:
    if not may_be_called(addresses_of(_host_of(url))):
        raise _refusal(_("This address is not on the open internet."))


def may_be_called(addresses: list[Address]) -> bool:
    """One that is not public among several is enough to refuse them all."""
    return bool(addresses) and all(is_public(one) or _is_allowed(one) for one in addresses)


def addresses_of(host: str) -> list[Address]:
    """As the client library will, so that every spelling of an address counts (127.1, 0x7f000001)."""
    lookup = _lookups.submit(socket.getaddrinfo, host, 443, type=socket.SOCK_STREAM)
    try:
        found = lookup.result(LOOKUP_TIMEOUT)
    except TimeoutError as error:
        lookup.cancel()
        raise Unavailable(_("The address could not be looked up in time.")) from error
    except (OSError, UnicodeError) as error:
        raise _refusal(_("There is no such address.")) from error
    return [ip_address(str(target[0]).partition("%")[0]) for *_rest, target in found]


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = _carried(address)
        return address.is_global and not address.is_multicast and all(map(is_public, inner))
    return address.is_global and not address.is_multicast


def _is_allowed(address: Address) -> bool:
    """A push service of one's own, inside: the operator names its network."""
    return any(address in ip_network(network) for network in settings.PUSH_ALLOWED_NETWORKS)


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise _refusal(_("This is not an address.")) from error
    if parts.scheme != "https" or not host or parts.username is not None:
        raise _refusal(_("This is not an https address."))
    return host


def _carried(address: IPv6Address) -> list[IPv4Address]:
    teredo = address.teredo or ()
    translated = [IPv4Address(int(address) & 0xFFFFFFFF)] if address in TRANSLATED else []
    inner = [address.ipv4_mapped, address.sixtofour, *teredo, *translated]
    return [each for each in inner if each is not None]


def _refusal(detail: str) -> Invalid:
    return Invalid(detail, code="endpoint_refused", attr="endpoint")
