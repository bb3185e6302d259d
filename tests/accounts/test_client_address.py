import pytest

from accounts.client_address import resolve


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded_for", "address"),
    [
        ([], "203.0.113.9", "", "203.0.113.9"),
        ([], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.0/8"], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.0/8"], "10.1.1.1", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.1.1", "1.1.1.1, 198.51.100.1, 10.2.2.2", "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.1.1", "", "10.1.1.1"),
        (["10.0.0.0/8"], "10.1.1.1", "nonsense", "10.1.1.1"),
        (["10.0.0.0/8"], "10.1.1.1", "nonsense, 198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.1.1", "10.3.3.3", "10.3.3.3"),
        (["::1"], "::1", "2001:DB8::0001", "2001:db8::1"),
        ([], "::ffff:203.0.113.9", "", "203.0.113.9"),
        ([], "fe80::1%eth0", "", "fe80::1"),
        ([], "", "198.51.100.1", None),
    ],
)
def test_the_nearest_hop_that_is_not_ours(settings, proxies, peer, forwarded_for, address):
    settings.TRUSTED_PROXIES = proxies
    assert resolve(peer=peer, forwarded_for=forwarded_for) == address
