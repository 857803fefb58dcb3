"""Every waiting time of the engine that is not the provider's or Discord's own rule, in one place."""

from dataclasses import dataclass

SECONDS_MIN = {"idle_seconds": 0.2, "claim_seconds_max": 1.0, "answer_seconds": 4.0, "comparison_seconds_max": 10.0}
"""The shortest of some waits: looking for others' work ever more often only heats a core, and a busy core is slow.
The clips of a comparison are waited for as long as a busy machine needs to send all of its requests.

Discord takes an answer to an interaction for three seconds, whatever the scale: a worker that posts a card sooner
would post it beside the answer.
"""


@dataclass(frozen=True, slots=True)
class EngineTimings:
    """Seconds. `scaled` shortens them all alike, for a provider that renders faster than a real one."""

    scale: float = 1.0
    """What all other waits were multiplied by. Waits that are computed elsewhere are multiplied by it too."""
    idle_seconds: float = 1.0
    """From one look for work to the next: another process may have left some."""
    lease_seconds: float = 120.0
    """How long a claim stands without news from its worker. Longer than any single call may take."""
    claim_seconds_max: float = 10.0
    """How old a claim may be when its POST leaves. Much shorter than the time after which absence counts."""
    card_seconds_min: float = 15.0
    """From one edit of a card to the next."""
    card_settle_seconds: float = 5.0
    """From a request to the first edit of its card while the provider has not answered: most jobs start at once."""
    answer_seconds: float = 10.0
    """From a new job until a worker posts its card. Until then the card is left to the answer to its interaction."""
    card_refresh_seconds: float = 120.0
    """From one refresh of a queued job's card to the next."""
    lookup_after_seconds: float = 5.0
    """From a lost answer to the first look-up."""
    lookup_settled_seconds: float = 300.0
    """From the moment at which nobody sends a request any more until its absence from the history counts.

    It counts only if the history shows a render that was made later. Longer than the client waits for an answer.
    """
    lookup_seconds_max: float = 1800.0
    """From a lost answer until an owner decides, if no look-up can."""
    lookup_given_up_seconds: float = 86_400.0
    """From a lost answer until a request ends that no history has shown, whatever else it shows."""
    running_seconds_max: float = 6 * 3600.0
    """From acceptance until a job that the provider still reports as running becomes an owner's case."""
    unresolved_ask_seconds: float = 1800.0
    """From one question about an owner's case, or one look-up of it, to the next."""
    unheard_seconds_max: float = 600.0
    """How long an answer is asked for again that says too little: no address, no known status, no such render."""
    no_credits_retry_seconds: float = 900.0
    """From a refusal of the account to the next try."""
    rate_limited_seconds: float = 60.0
    """The pause after a 429 that does not name one. It doubles while that goes on."""
    unreachable_seconds: float = 10.0
    """The pause after the provider could not be reached. It doubles while that goes on."""
    notice_retry_seconds: float = 60.0
    """From a notice that reached no owner to the next try."""
    delivery_retry_seconds: float = 2.0
    """The pause after a delivery that failed. It doubles while that goes on."""
    delivery_retry_seconds_max: float = 600.0
    """The longest pause after a delivery that failed."""

    comparison_seconds_max: float = 3600.0
    """From the first clip of a comparison until its message is posted without those that are not ready."""
    voting_seconds: float = 24 * 3600.0
    """From the message of a comparison until its votes are counted and everybody reads which model made which clip."""
    removal_retry_seconds: float = 30.0
    """From a message that could not be deleted to the next try."""
    erasure_lease_seconds: float = 120.0
    """For how long an erasure belongs to the worker that took it."""
    erasure_wait_seconds: float = 60.0
    """From an erasure that waits for jobs under way, or for Discord, to the next look."""

    def scaled(self, factor: float) -> "EngineTimings":
        """Return all waits multiplied by `factor`. Those in SECONDS_MIN become no shorter than is said there."""
        waits = {name: getattr(self, name) * factor for name in self.__dataclass_fields__}
        return EngineTimings(**{name: max(wait, SECONDS_MIN.get(name, 0.0)) for name, wait in waits.items()})
