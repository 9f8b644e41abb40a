"""Where a webhook may lead: the public internet, and networks that a setting names.

A name is looked up when a connection is made, and the connection goes to the address
that was looked at, so a name that changes its mind in between gains nothing.
"""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from app.errors import WebhookRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SCHEMES = ("https", "http")
# A gateway would send these on to the IPv4 address at their end.
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
# All that was ever given to the public internet of version 6.
UNICAST = ip_network("2000::/3")
LOW_32_BITS = 0xFFFFFFFF


def demand_address(url: str, networks: Sequence[Network]) -> None:
    """Refuse a URL that could never be sent to; what a name leads to is seen later.

    Raises:
        WebhookRefused: It is not one of HTTP, or names an address that is forbidden.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise WebhookRefused(f"This is not a URL: {error}.") from error
    if parts.scheme not in SCHEMES or not host or not is_plain(url):
        raise WebhookRefused("Give an address that starts with https:// or http://.")
    if parts.username is not None or parts.fragment:
        raise WebhookRefused("A user, a password or a fragment has no place in it.")
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    try:
        address = ip_address(host)
    except ValueError:
        return
    if not is_allowed(address, networks):
        raise WebhookRefused(f"{host} is not an address of the public internet.")


def is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Say whether a message may be sent there."""
    return all(
        any(form in network for network in networks) or is_public(form)
        for form in forms(address)
    )


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def forms(address: Address) -> list[Address]:
    """Return an address as what it leads to: itself, or what it wraps as well."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    found: list[Address] = [IPv6Address(int(address))]  # without its zone
    if any(address in network for network in NAT64):
        return [IPv4Address(int(address) & LOW_32_BITS)]
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found += address.teredo
    return found
