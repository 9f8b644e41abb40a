"""Messages go to the public internet, and where a setting allows, nowhere else."""

from ipaddress import ip_address, ip_network

import pytest

from app.errors import WebhookRefused
from app.webhooks.address import demand_address, is_allowed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.1.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
    ],
)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_allowed(ip_address(address), ())


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_the_public_internet_is_allowed(address: str) -> None:
    assert is_allowed(ip_address(address), ())


def test_a_network_that_is_named_is_allowed_and_its_neighbours_are_not() -> None:
    networks = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))

    assert is_allowed(ip_address("10.1.2.3"), networks)
    assert is_allowed(ip_address("::ffff:10.1.2.3"), networks)
    assert is_allowed(ip_address("fd12::1"), networks)
    assert not is_allowed(ip_address("10.2.0.1"), networks)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com",
        "example.com/hook",
        "https://",
        "https:///hook",
        "http://[::1",
        "http://example.com:99999/",
        "https://user:secret@example.com/",
        "https://example.com/#here",
        "https://example.com/a b",
        "https://example.com/\r\nX-Evil: 1",
        "https://exämple.com/",
        "http://127.0.0.1/",
        "http://[::1]:8000/",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:6379/",
        "http://api.localhost/",
    ],
)
def test_an_address_that_nothing_can_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(WebhookRefused):
        demand_address(url, ())


@pytest.mark.parametrize(
    "url",
    ["https://example.com/hook?a=b", "http://example.com:8080/", "https://1.1.1.1/"],
)
def test_an_address_of_the_internet_is_taken(url: str) -> None:
    demand_address(url, ())


def test_loopback_is_taken_where_the_setting_names_it() -> None:
    demand_address("http://localhost:9/", (ip_network("127.0.0.0/8"),))
