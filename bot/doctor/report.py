"""A report of an examination, for people and for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.doctor.finding import Finding, Level, worst

STATUSES = {Level.OK: 0, Level.WARN: 1, Level.FAIL: 2}
"""The exit status by the worst finding."""


def text_report(findings: Sequence[Finding]) -> str:
    """Return one line for each finding, its cure on the next one, and a last line that counts."""
    width = max((len(finding.subject) for finding in findings), default=0)
    lines = []
    for finding in findings:
        lines.append(f"{finding.level:4}  {finding.subject:{width}}  {finding.text}")
        if finding.cure:
            lines.append(f"{'':4}  {'':{width}}  -> {finding.cure}")
    counts = {level: sum(finding.level is level for finding in findings) for level in Level}
    lines.append(", ".join(f"{count} {level}" for level, count in counts.items()))
    return "\n".join(lines)


def json_report(findings: Sequence[Finding]) -> str:
    """Return a JSON object: `level`, the worst one, and `findings`, each an object with the fields of Finding."""
    return json.dumps({"level": worst(findings), "findings": [asdict(finding) for finding in findings]}, indent=1)
