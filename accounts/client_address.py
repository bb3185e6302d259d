"""Where a request comes from. X-Forwarded-For is believed only when a trusted proxy wrote it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str | None:
    return resolve(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
    )


def resolve(*, peer: str, forwarded_for: str) -> str | None:
    """The nearest hop that is not one of our proxies: what stands left of it anybody may have made up."""
    nearest: Address | None = None
    for hop in [peer, *reversed(forwarded_for.split(","))]:
        address = _parse(hop)
        if address is None:
            break
        nearest = address
        if not _is_trusted(address):
            break
    return str(nearest) if nearest else None


def _parse(text: str) -> Address | None:
    try:
        # A zone ("%eth0") means something on this machine only, and databases refuse it.
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    # One client, one spelling: else ::ffff:1.2.3.4 would have a limit of its own.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_trusted(address: Address) -> bool:
    return any(address in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
