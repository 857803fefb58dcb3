"""Exports as files of a size that Discord takes."""

import io
import json
import zipfile

import pytest

from bot.domain.privacy import ExportFile, Sections, export_files

ROWS = 400
SECTIONS: Sections = {
    "jobs": [{"id": f"job{number:05}", "prompt": f"{number * 7919:x}" * 20} for number in range(ROWS)],
    "ledger_entries": [{"id": str(number), "amount": number * 31} for number in range(2 * ROWS)],
}


def content(file: ExportFile) -> Sections:
    """Read a file as a member would."""
    if file.name.endswith(".json"):
        plain: Sections = json.loads(file.content)
        return plain
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        [name] = archive.namelist()
        zipped: Sections = json.loads(archive.read(name))
        return zipped


@pytest.mark.parametrize(
    ("size_max", "names"),
    [
        (1_000_000, ["reelmaker-data.json"]),
        (30_000, ["reelmaker-data.zip"]),
        (4_000, ["reelmaker-data-1.zip", "reelmaker-data-2.zip", "reelmaker-data-3.zip", "reelmaker-data-4.zip"]),
    ],
)
def test_an_export_has_as_few_files_as_the_size_allows_and_nothing_is_missing(size_max: int, names: list[str]) -> None:
    files = export_files(SECTIONS, size_max)
    assert [file.name for file in files] == names
    assert all(len(file.content) <= size_max for file in files)
    for name, rows in SECTIONS.items():
        assert [row for file in files for row in content(file)[name]] == rows


def test_an_export_of_nobody_is_an_empty_file_and_a_row_that_is_too_large_is_sent_alone() -> None:
    assert content(export_files({"jobs": []}, 1000)[0]) == {"jobs": []}
    large: Sections = {"jobs": [{"prompt": f"{number * 104_729:x}" * 200} for number in range(2)]}
    assert len(export_files(large, 100)) == 2
