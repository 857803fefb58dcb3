"""How large a file a guild's channels take: what Discord said about it and what it refused."""

_MEBIBYTE = 1024 * 1024

UPLOAD_BYTES_DEFAULT = 20 * _MEBIBYTE
"""Bytes of the largest file that a guild without boosts takes: Discord's default since September 2026."""

REQUEST_BYTES_MAX = 25 * _MEBIBYTE
"""Bytes of all files of one create-message request, as Discord documents it. A larger file may still go alone."""

REFUSAL_SECONDS = 24 * 3600.0
"""Seconds for which a refusal counts. Boosts may raise a guild's limit again."""

_LIMITS = tuple(size * _MEBIBYTE for size in (100, 50, 20, 10))
"""The limits that Discord has or had, the largest first."""


def upload_limit(stated: int | None, refused: int | None) -> int:
    """Return the bytes of the largest file to try.

    `stated` is the limit that Discord last named, `refused` the size of the smallest file that it lately refused. Each
    is in bytes, and None where there is none.
    """
    limit = UPLOAD_BYTES_DEFAULT if stated is None else stated
    if refused is None or limit < refused:
        return limit
    return next((known for known in _LIMITS if known < refused), refused // 2)
