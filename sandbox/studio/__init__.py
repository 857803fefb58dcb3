"""A local Video Studio: the provider's API on loopback, with real videos, its own books, and faults on demand."""

from sandbox.clock import Clock
from sandbox.studio.accounts import SANDBOX_KEY, Account
from sandbox.studio.faults import Faults, StudioFault
from sandbox.studio.jobs import Job
from sandbox.studio.records import LedgerEntry, PostRecord, Records, RequestRecord
from sandbox.studio.server import StudioSandbox

__all__ = [
    "SANDBOX_KEY", "Account", "Clock", "Faults", "Job", "LedgerEntry", "PostRecord", "Records",
    "RequestRecord", "StudioFault", "StudioSandbox",
]  # fmt: skip
