import socket
import time

import pytest

from chatproject.errors import Invalid, Unavailable
from notifications import push_endpoint
from notifications.push_endpoint import check_endpoint


@pytest.mark.once
@pytest.mark.parametrize(
    "url",
    [
        "https://93.184.215.14/send/abc",
        "https://93.184.215.14:8443/send/abc",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/send/abc",
    ],
)
def test_the_open_internet_is_allowed(url):
    check_endpoint(url)


@pytest.mark.once
@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fe80::1%25lo]/",
        "https://[fd00::1]/",
        "https://[ff02::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://name.invalid/",
        "https://" + "a" * 64 + ".example/",
        "https://user:password@93.184.215.14/",
        "https://93.184.215.14:port/",
        "https://93.184.215.14:99999/",
        "https://[::1/",
        "https://",
        "http://93.184.215.14/",
        "HTTP://93.184.215.14/",
        "ftp://93.184.215.14/",
        "file:///etc/passwd",
        "//93.184.215.14/",
        "93.184.215.14",
    ],
)
def test_everything_else_is_refused(url):
    with pytest.raises(Invalid) as refusal:
        check_endpoint(url)
    assert refusal.value.code == "endpoint_refused"
    assert refusal.value.attr == "endpoint"


@pytest.mark.once
def test_a_name_is_refused_if_any_of_its_addresses_is_private(monkeypatch):
    def answer(host, port, **options):
        return [
            (socket.AF_INET, options["type"], 6, "", (address, port))
            for address in ("93.184.215.14", "192.168.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises(Invalid):
        check_endpoint("https://push.example/")


@pytest.mark.once
def test_a_name_server_that_does_not_answer_costs_a_bounded_time(monkeypatch):
    monkeypatch.setattr(push_endpoint, "LOOKUP_TIMEOUT", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: time.sleep(1))
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        check_endpoint("https://push.example/")
    assert time.monotonic() - begun < 0.9
