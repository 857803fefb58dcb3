"""What a file is, by its first bytes and not by what its server or its name says."""

from bot.domain.attachments import MediaKind

HEAD_BYTES = 64
"""Bytes of a file's beginning that tell what it is."""

VIDEO_SUFFIXES = (".mp4", ".mov", ".webm")

_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")
"""Brands of the same container that hold pictures."""
_QUICKTIME_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""First boxes of QuickTime files that were written before there was a `ftyp` box."""
_MATROSKA = b"\x1a\x45\xdf\xa3"
_PICTURES = ((b"GIF87a", ".gif"), (b"GIF89a", ".gif"), (b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"))

_FURTHER_PICTURES = (b"BM", b"II*\0", b"MM\0*")
"""BMP, and TIFF in both byte orders."""
_SOUND_BRANDS = (b"M4A ", b"M4B ")
_SOUNDS = (b"ID3", b"fLaC", b"OggS", b"#!AMR")
_SOUND_SUFFIXES = ((b"ID3", ".mp3"), (b"fLaC", ".flac"), (b"OggS", ".ogg"))
_MPEG_STREAMS = (b"\0\0\x01\xba", b"\0\0\x01\xb3")

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


def sound_suffix_of(head: bytes) -> str | None:
    """Return the suffix of a sound that begins with `head`; None for what is none, or of a rare kind."""
    if head[4:8] == b"ftyp":
        return None if head[8:12] in _PICTURE_BRANDS else ".m4a"
    if head.startswith(_MATROSKA):
        return ".webm"
    if _riff(head) == b"WAVE":
        return ".wav"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return ".aac" if head[1] & 0x06 == 0 else ".mp3"  # the layer of MPEG audio; ADTS always has 0 there
    return next((suffix for magic, suffix in _SOUND_SUFFIXES if head.startswith(magic)), None)


def holds(head: bytes, kind: MediaKind) -> bool:
    """Return whether a file that begins with `head` can be of this kind.

    Some containers hold sound or pictures that move, and their first bytes do not tell which: they can be both.
    """
    match kind:
        case MediaKind.IMAGE:
            return _is_picture(head)
        case MediaKind.VIDEO:
            return _is_video(head)
        case MediaKind.AUDIO:
            return _is_sound(head)


def is_page(content_type: str) -> bool:
    """Return whether a content type names text or data for programs, for example an error page."""
    return content_type.startswith("text/") or content_type in _PAGES


def _is_picture(head: bytes) -> bool:
    if head[4:8] == b"ftyp":
        return head[8:12] in _PICTURE_BRANDS
    if _riff(head) == b"WEBP" or head.startswith(_FURTHER_PICTURES):
        return True
    return any(head.startswith(magic) for magic, _ in _PICTURES)


def _is_video(head: bytes) -> bool:
    if head[4:8] == b"ftyp":
        return head[8:12] not in (*_PICTURE_BRANDS, *_SOUND_BRANDS)
    return (
        head[4:8] in _QUICKTIME_BOXES or head.startswith((_MATROSKA, b"OggS", *_MPEG_STREAMS)) or _riff(head) == b"AVI "
    )


def _is_sound(head: bytes) -> bool:
    if head[4:8] == b"ftyp":
        return head[8:12] not in _PICTURE_BRANDS
    frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0  # MPEG audio or ADTS without a tag before it
    return frame or head.startswith((_MATROSKA, *_SOUNDS)) or _riff(head) == b"WAVE"


def _riff(head: bytes) -> bytes:
    """Return what a RIFF container holds; nothing for other files."""
    return head[8:12] if head.startswith(b"RIFF") else b""
