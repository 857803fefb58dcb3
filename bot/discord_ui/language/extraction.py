"""The template of all sentences, as the code has them now."""

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

KEYWORDS = {
    "say": None,
    "mark": None,
    "say_on": ((1, "c"), 2),
    "mark_on": ((1, "c"), 2),
    "say_many": (1, 2),
    "mark_many": (1, 2),
}
"""The functions of `speaking` whose literal arguments are sentences, as Babel names them."""
COMMENT_TAG = "Translators:"
"""A comment above a call that begins with this is shown to translators."""
ROOMS = ("bot/discord_ui", "cogs")


def extracted(root: Path) -> Catalog:
    """Return the sentences in the code below the repository's folder."""
    template = Catalog(project="reelmaker", version="1", charset="utf-8")
    for room in ROOMS:
        for name, _, message, comments, context in extract_from_dir(
            root / room, [("**.py", "python")], keywords=KEYWORDS, comment_tags=[COMMENT_TAG], strip_comment_tags=True
        ):
            template.add(message, None, [(f"{room}/{name}", 0)], auto_comments=comments, context=context)
    return template


def template_text(template: Catalog) -> str:
    """Return the file of a template: without line numbers and dates, so that it changes only with the sentences."""
    file = io.BytesIO()
    write_po(file, template, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEADER + file.getvalue().decode()


def catalogue_text(catalogue: Catalog) -> str:
    """Return the file of a language, without the lines of its header that would change with every run."""
    file = io.BytesIO()
    write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_UNSTEADY))


_UNSTEADY = tuple(
    f'"{name}:'
    for name in (
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
HEADER = """\
# The English sentences of the bot, collected by scripts/extract-words. Do not edit: change the code.
msgid ""
msgstr ""
"Project-Id-Version: reelmaker\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
