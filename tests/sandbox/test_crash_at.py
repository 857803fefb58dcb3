"""The wrapper that arms a failpoint refuses what it does not understand; the crash matrix shows that it kills."""

import pytest

from sandbox.crash_at import EXIT_USAGE, run


@pytest.mark.parametrize("arguments", [[], ["no.such.point"], ["submit.after_post:never"], ["submit.after_post:0"]])
def test_an_unknown_failpoint_starts_no_bot(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == EXIT_USAGE
    assert capsys.readouterr().err
