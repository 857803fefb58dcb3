"""The provider's result addresses: made safe to show, and how long they live."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
"""What RFC 3986 allows in a path. Brackets are not among it, so no address can hold a masked link."""
_QUERY_SAFE = _PATH_SAFE + "?"
_SIGNED_AT = "%Y%m%dT%H%M%SZ"
_EPOCHS = (946_684_800, 4_102_444_800)
"""Seconds since the epoch from 2000 to 2100: a number outside is no moment."""


def web_address(stated: str) -> str | None:
    """Return an http or https address with everything outside RFC 3986 percent-encoded.

    Returns None for what is no such address: one with blanks, control characters, angle brackets or a user name.
    """
    stated = stated.strip()
    if any(character in "<>" or character.isspace() or not character.isprintable() for character in stated):
        return None
    try:
        scheme, host, path, query, fragment = urlsplit(stated)
    except ValueError:
        return None
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    safe = (quote(path, _PATH_SAFE), quote(query, _QUERY_SAFE), quote(fragment, _QUERY_SAFE))
    return urlunsplit((scheme, host, *safe))


def expires_at(address: str) -> float | None:
    """Return when a signed address stops working, in seconds since the epoch; None where it does not tell.

    Understood are the signatures of S3 and Google Cloud (`X-Amz-…`, `X-Goog-…`), of CloudFront and others (`Expires`),
    and of Azure (`se`).
    """
    told = {name.lower(): value for name, value in parse_qsl(urlsplit(address).query)}
    try:
        for vendor in ("x-amz", "x-goog"):
            if f"{vendor}-expires" in told:
                signed = datetime.strptime(told[f"{vendor}-date"], _SIGNED_AT).replace(tzinfo=UTC)
                return _plausible((signed + timedelta(seconds=int(told[f"{vendor}-expires"]))).timestamp())
        if "se" in told:
            return _plausible(datetime.fromisoformat(told["se"]).timestamp())
        return _plausible(float(told["expires"])) if "expires" in told else None
    except (KeyError, ValueError, OverflowError):
        return None


def _plausible(moment: float) -> float | None:
    return moment if _EPOCHS[0] <= moment <= _EPOCHS[1] else None
