"""The files for Compose, Kubernetes and systemd, against their own specifications and against the bot."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.__main__ import command_parser
from bot.engine.runner import DRAIN_SECONDS
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ("compose.yaml", "compose.postgres.yaml")
SERVICES = [
    pytest.param(fields, id=f"{name}-{service}")
    for name in COMPOSE
    for service, fields in yaml.safe_load((ROOT / name).read_text())["services"].items()
]
MANIFESTS = [
    pytest.param(manifest, id=f"{path.stem}-{manifest['kind']}")
    for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text())
]
UNIT = ROOT / "deploy/reelmaker.service"
[IMAGE_USER] = map(int, re.findall(r"--uid (\d+)", (ROOT / "Dockerfile").read_text()))
SETTINGS = {name.upper() for name in Settings.model_fields}
NOT_THE_BOTS = {"POSTGRES_USER", "POSTGRES_PASSWORD", "SHARD", "SHARD_COUNT"}


def containers(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = manifest.get("spec", {}).get("template", {}).get("spec", {}).get("containers", [])
    return found


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_files_keep_to_the_compose_specification(name: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(ROOT / name)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_composed_processes_are_the_bots_own(service: dict[str, Any]) -> None:
    assert set(service.get("environment", {})) <= SETTINGS | NOT_THE_BOTS
    if "build" not in service:
        return
    command_parser().parse_args(service.get("command", "").split())
    assert int(service["stop_grace_period"].removesuffix("s")) > 2 * DRAIN_SECONDS
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_manifests_keep_to_the_schemas_of_kubernetes(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, "1.34", strict=True)


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_pods_run_the_bot_as_the_images_user(manifest: dict[str, Any]) -> None:
    assert set(manifest.get("data", {})) <= SETTINGS
    for container in containers(manifest):
        pod = manifest["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsUser"] == IMAGE_USER
        assert pod["terminationGracePeriodSeconds"] > 2 * DRAIN_SECONDS
        assert container["securityContext"]["readOnlyRootFilesystem"]
        named = {variable["name"] for variable in container.get("env", [])}
        assert named <= SETTINGS | NOT_THE_BOTS
        used = {name for word in container["args"] for name in re.findall(r"\$\((\w+)\)", word)}
        assert used <= named
        command_parser().parse_args([re.sub(r"\$\(\w+\)", "1", word) for word in container["args"]])


def test_the_unit_is_one_that_systemd_takes_and_finds_safe(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("this machine has no systemd-analyze")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/reelmaker/.venv/bin/python", sys.executable))
    for arguments in (["verify", "--recursive-errors=no"], ["security", "--offline=true", "--threshold=20"]):
        checked = subprocess.run([analyze, *arguments, unit], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_unit_runs_the_bot_with_its_settings() -> None:
    lines = UNIT.read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert values["ExecStart"].endswith("python -m bot")
    assert int(values["TimeoutStopSec"]) > 2 * DRAIN_SECONDS
    assert values["RestartPreventExitStatus"] == "78"


ALERTS = ROOT / "deploy/alerts.yaml"
DASHBOARD = ROOT / "deploy/grafana.json"
OF_PROMETHEUS = {"up"}


def watched() -> dict[str, str]:
    """Every expression that the alerts and the dashboard ask for, by where it stands."""
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = {f"alert {rule['alert']}": rule["expr"] for rule in rules}
    return asked | {f"panel {one['title']}": " ".join(part["expr"] for part in one["targets"]) for one in panels}


def test_alerts_and_dashboard_ask_for_numbers_that_are_told() -> None:
    source = "".join(path.read_text() for path in (ROOT / "bot/engine/metrics.py", ROOT / "bot/watching/numbers.py"))
    told = set(re.findall(r'"(reelmaker_\w+)"', source)) | OF_PROMETHEUS
    for where, expression in watched().items():
        names = set(re.findall(r"\b(?:reelmaker_\w+|up)\b", expression.replace('job="reelmaker"', "")))
        plain = {re.sub(r"_(bucket|total)$", "", name) for name in names}
        assert all(name in told or name + "_total" in told for name in plain), f"{where} asks for {names}"


def test_every_alert_says_what_to_do() -> None:
    alerts = {name.removeprefix("alert ") for name in watched() if name.startswith("alert ")}
    told = set(re.findall(r"^\| (Reelmaker\w+) \|", (ROOT / "docs/operations.md").read_text(), flags=re.MULTILINE))
    assert alerts == told


def test_prometheus_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("this machine has no promtool")
    checked = subprocess.run([promtool, "check", "rules", ALERTS], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
