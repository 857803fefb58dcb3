"""What a file is, by its first bytes and not by what its server or its name says."""

HEAD_BYTES = 64
"""Bytes of a file's beginning that `suffix_of` needs."""

VIDEO_SUFFIXES = (".mp4", ".mov", ".webm")

_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")
"""Brands of the same container that hold pictures."""
_QUICKTIME_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""First boxes of QuickTime files that were written before there was a `ftyp` box."""
_MATROSKA = b"\x1a\x45\xdf\xa3"
_PICTURES = ((b"GIF87a", ".gif"), (b"GIF89a", ".gif"), (b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"))

_PAGES = ("application/json", "application/xml", "application/xhtml+xml")


def suffix_of(head: bytes) -> str | None:
    """Return the suffix of a video or picture that begins with `head`; None for anything else."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _PICTURE_BRANDS:
            return None
        return ".mov" if brand == b"qt  " else ".mp4"
    if head[4:8] in _QUICKTIME_BOXES:
        return ".mov"
    if head.startswith(_MATROSKA):
        return ".webm" if b"webm" in head[:HEAD_BYTES] else None
    return next((suffix for magic, suffix in _PICTURES if head.startswith(magic)), None)


def is_page(content_type: str) -> bool:
    """Return whether a content type names text or data for programs, for example an error page."""
    return content_type.startswith("text/") or content_type in _PAGES
