"""Connections to the public internet only: an address that the provider names must not lead into a private network.

The check is made on the address of the very connection, so a name that resolves otherwise later changes nothing.
"""

import ipaddress
import socket
from typing import Any

import aiohttp

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: the last four bytes are an IPv4 address."""


class PrivateAddress(OSError):
    """A name or address leads into a private network."""


def is_public(host: str) -> bool:
    """Return whether an IP address belongs to the public internet, also where it stands within an IPv6 address."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast


def is_loopback(host: str | None) -> bool:
    """Return whether a host name or address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def public_connector() -> aiohttp.TCPConnector:
    """Return a connector that raises PrivateAddress for every address which is not public."""
    return aiohttp.TCPConnector(socket_factory=_public_socket)


def _public_socket(address_info: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, address = address_info
    if not is_public(address[0]):
        raise PrivateAddress(f"{address[0]} is not a public address")
    return socket.socket(family, kind, protocol)
