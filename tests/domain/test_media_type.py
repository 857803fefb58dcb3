import pytest

from bot.domain.attachments import MediaKind
from bot.domain.media_type import holds

IMAGE, VIDEO, AUDIO = {MediaKind.IMAGE}, {MediaKind.VIDEO}, {MediaKind.AUDIO}


@pytest.mark.parametrize(
    ("head", "kinds"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", IMAGE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", IMAGE),
        (b"GIF89a\x01\0", IMAGE),
        (b"RIFF\x10\0\0\0WEBPVP8 ", IMAGE),
        (b"BM\x10\0\0\0", IMAGE),
        (b"II*\0\x08\0\0\0", IMAGE),
        (b"\0\0\0\x1cftypheic", IMAGE),
        (b"\0\0\0\x18ftypavif", IMAGE),
        (b"\0\0\0\x18ftypmp42", VIDEO | AUDIO),  # the same brand holds sound alone, too
        (b"\0\0\0\x14ftypqt  ", VIDEO | AUDIO),
        (b"\0\0\0\x08wide\0\0\0\0mdat", VIDEO),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81", VIDEO | AUDIO),
        (b"RIFF\x10\0\0\0AVI LIST", VIDEO),
        (b"\0\0\x01\xba\x44", VIDEO),
        (b"OggS\0\x02", VIDEO | AUDIO),
        (b"\0\0\0\x20ftypM4A ", AUDIO),
        (b"RIFF\x10\0\0\0WAVEfmt ", AUDIO),
        (b"ID3\x04\0\0", AUDIO),
        (b"\xff\xfb\x90\x64", AUDIO),
        (b"\xff\xf1\x50\x80", AUDIO),
        (b"fLaC\0\0\0\x22", AUDIO),
        (b"just some words", set()),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", set()),
        (b"<!doctype html>", set()),
        (b"%PDF-1.7", set()),
        (b"PK\x03\x04", set()),
        (b"MZ\x90\0", set()),
        (b"\x89P", set()),
        (b"", set()),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, kinds: set[MediaKind]) -> None:
    assert {kind for kind in MediaKind if holds(head, kind)} == kinds
