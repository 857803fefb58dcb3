"""Addresses of files: made safe to show, and how long they live."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

ADDRESS_CHARACTERS_MAX = 2000
"""Longest address that is used. A longer one fits no Discord message."""
# RFC 3986: unreserved and reserved characters, without the brackets, which may stand only around an IPv6 host. So no
# address can hold a masked link.
_LEGAL = "-._~:/?#@!$&'()*+,;=%"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?")
_SIGNED_AT = "%Y%m%dT%H%M%SZ"
_EPOCHS = (946_684_800, 4_102_444_800)
"""Seconds since the epoch from 2000 to 2100: a number outside is no moment."""


def web_address(stated: str) -> str | None:
    """Return an absolute http or https address in which everything outside RFC 3986 is percent-encoded.

    The result is None for other schemes, a user name in the address, an odd host, and addresses longer than
    ADDRESS_CHARACTERS_MAX.
    """
    if len(stated) > ADDRESS_CHARACTERS_MAX:
        return None
    encoded = quote(_STRAY_PERCENT.sub("%25", stated.strip()), safe=_LEGAL, errors="replace")
    try:
        parts = urlsplit(encoded)
    except ValueError:
        return None
    fits = len(encoded) <= ADDRESS_CHARACTERS_MAX and _HOST.fullmatch(parts.netloc)
    return encoded if fits and parts.scheme in ("http", "https") else None


def expires_at(address: str) -> float | None:
    """Return when a signed address stops working, in seconds since the epoch; None where it does not tell.

    Understood are the signatures of S3 and Google Cloud (`X-Amz-…`, `X-Goog-…`), of CloudFront and others (`Expires`),
    of Azure (`se`), and of Discord (`ex`, hexadecimal, beside `is` and `hm`).
    """
    told = {name.lower(): value for name, value in parse_qsl(urlsplit(address).query)}
    try:
        for vendor in ("x-amz", "x-goog"):
            if f"{vendor}-expires" in told:
                signed = datetime.strptime(told[f"{vendor}-date"], _SIGNED_AT).replace(tzinfo=UTC)
                return _plausible((signed + timedelta(seconds=int(told[f"{vendor}-expires"]))).timestamp())
        if {"ex", "is", "hm"} <= told.keys():
            return _plausible(float(int(told["ex"], 16)))
        if "se" in told:
            return _plausible(datetime.fromisoformat(told["se"]).timestamp())
        return _plausible(float(told["expires"])) if "expires" in told else None
    except (KeyError, ValueError, OverflowError):
        return None


def _plausible(moment: float) -> float | None:
    return moment if _EPOCHS[0] <= moment <= _EPOCHS[1] else None
