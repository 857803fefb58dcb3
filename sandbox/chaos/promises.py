"""What was promised, checked against both sandboxes' own records rather than against what the bot believes.

Only what nobody else can know is read from the bot's database: which request became which job, and its ledger.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.domain.jobs import JobState
from bot.storage.database import Database
from bot.storage.tables.jobs import jobs_table, outbox_table, renders_table
from bot.storage.tables.money import ledger_entries_table
from sandbox.discord import DiscordSandbox
from sandbox.discord.record import MessageFact
from sandbox.studio import StudioSandbox

ENDED = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Book:
    """What the bot's database says of one job. `held` and `charged` are the sums of its ledger entries."""

    job_id: str
    interaction_id: int
    prompt: str
    state: JobState
    remote_ids: frozenset[str]
    held: int
    charged: int
    delivered: bool
    told_by_card: bool
    """Whether the job's card was turned into its closing message."""
    has_card: bool
    """Whether the job's card is known to stand, or is yet to be shown or looked for."""


async def read_books(database_url: str) -> list[Book]:
    """Read every job's book in one transaction."""
    database = await Database.open(database_url)
    try:
        return await database.read(_books)
    finally:
        await database.close()


def _books(conn: Connection) -> list[Book]:
    owned: dict[str, set[str]] = {}
    for job_id, remote_id in conn.execute(select(renders_table.c.job_id, renders_table.c.remote_id)):
        owned.setdefault(job_id, set()).add(remote_id)
    entry = ledger_entries_table.c
    sums = select(entry.job_id, func.sum(entry.held_delta), func.sum(entry.charged_delta)).group_by(entry.job_id)
    money = {job_id: (int(held), int(charged)) for job_id, held, charged in conn.execute(sums)}
    done = select(outbox_table.c.job_id, outbox_table.c.outcome).where(outbox_table.c.done_at.is_not(None))
    delivered = {row.job_id: row.outcome for row in conn.execute(done)}
    job = jobs_table.c
    rows = conn.execute(
        select(job.id, job.interaction_id, job.payload, job.state, job.status_message_id, job.card_due_at)
    )
    return [
        Book(
            row.id,
            row.interaction_id,
            str(row.payload.get("prompt", "")),
            JobState(row.state),
            frozenset(owned.get(row.id, ())),
            *money.get(row.id, (0, 0)),
            row.id in delivered,
            delivered.get(row.id) == "card",
            row.status_message_id is not None or row.card_due_at is not None,
        )
        for row in rows
    ]


def settled(books: Collection[Book]) -> bool:
    """Whether nothing is left to do: every job has ended, was told of and lost its card, or waits for an owner."""
    return all(
        (book.state in ENDED and book.delivered and not book.has_card) or book.state is JobState.UNRESOLVED
        for book in books
    )


def closings(discord: DiscordSandbox) -> list[MessageFact]:
    """List the closing messages ever posted, also deleted ones: those of the bot that mention a member."""
    facts = discord.record.messages(author_id=discord.world.application_id)
    return [fact for fact in facts if fact.visible_to is None and fact.mentions]


def broken(
    studio: StudioSandbox, discord: DiscordSandbox, books: Sequence[Book], acknowledged: Collection[int]
) -> list[str]:
    """Describe every promise that does not hold.

    `acknowledged` are the interactions whose member was told of acceptance.
    """
    return [
        *_lost(books, acknowledged),
        *_paid(studio, books),
        *_told(closings(discord), books),
        *_cards(discord, books),
        *_ledger(studio, books),
        *_limit(studio),
    ]


def _lost(books: Sequence[Book], acknowledged: Collection[int]) -> list[str]:
    known = {book.interaction_id for book in books}
    problems = [f"request {one} was acknowledged and is not known" for one in acknowledged if one not in known]
    stuck = [book for book in books if book.state not in (*ENDED, JobState.UNRESOLVED)]
    return problems + [f"job {book.job_id} ({book.prompt}) is still {book.state}" for book in stuck]


def _paid(studio: StudioSandbox, books: Sequence[Book]) -> list[str]:
    """Every generation belongs to one job, and no job has more than one."""
    owner = {remote_id: book for book in books for remote_id in book.remote_ids}
    undecided = Counter(book.prompt for book in books if book.state is JobState.UNRESOLVED and not book.remote_ids)
    problems: list[str] = []
    by_job: Counter[str] = Counter()
    for post in studio.records.accepted_posts():
        prompt = str(post.body.get("prompt")) if isinstance(post.body, dict) else "?"
        owners = {owner[remote_id].job_id for remote_id in post.job_ids if remote_id in owner}
        by_job.update(owners)
        if not owners and undecided[prompt] > 0:
            undecided[prompt] -= 1
        elif len(owners) != 1:
            problems.append(f"a paid generation of '{prompt}' belongs to {len(owners)} jobs")
    problems += [f"job {job_id} was paid {times} times" for job_id, times in by_job.items() if times > 1]
    real = {remote_id for post in studio.records.accepted_posts() for remote_id in post.job_ids}
    return problems + [f"render {one} does not exist at the provider" for one in owner if one not in real]


def _told(posted: Sequence[MessageFact], books: Sequence[Book]) -> list[str]:
    """One closing message for each job that ended, none for another; by the message's mark and by its words."""
    by_nonce = Counter(fact.nonce for fact in posted)
    problems: list[str] = []
    for book in books:
        wanted = 1 if book.state in ENDED and not book.told_by_card else 0
        if by_nonce[book.job_id] != wanted:
            problems.append(f"job {book.job_id} ({book.state}) has {by_nonce[book.job_id]} closing messages")
    ended = Counter(book.prompt for book in books if book.state in ENDED and not book.told_by_card)
    for prompt, wanted in ended.items():
        found = sum(1 for fact in posted if f"> {prompt}" in fact.content.splitlines())
        if found != wanted:
            problems.append(f"{found} closing messages in place of {wanted} show '{prompt}'")
    if len(posted) != ended.total():
        problems.append(f"{len(posted)} closing messages were posted for {ended.total()} ended jobs")
    return problems


def _cards(discord: DiscordSandbox, books: Sequence[Book]) -> list[str]:
    """Check that a channel keeps one message for each request: no card stays beside a closing message."""
    facts = discord.record.messages(author_id=discord.world.application_id)
    standing = [fact for fact in facts if fact.visible_to is None and fact.deleted_at is None]
    answers = Counter(fact.interaction_id for fact in standing if fact.interaction_id is not None)
    posted = [fact.nonce or "" for fact in standing]
    problems: list[str] = []
    for book in books:
        if book.state not in ENDED:
            continue
        # A card with files has some digits more.
        by_workers = sum(nonce.startswith(f"{book.job_id}-s") for nonce in posted)
        cards = answers[book.interaction_id] + by_workers
        if cards != int(book.told_by_card):
            problems.append(f"{cards} cards stand for job {book.job_id} ({book.state})")
    return problems


def _ledger(studio: StudioSandbox, books: Sequence[Book]) -> list[str]:
    charged = studio.records.charged_by_job()
    problems: list[str] = []
    for book in books:
        truly = sum(charged.get(remote_id, 0) for remote_id in book.remote_ids)
        if book.state in ENDED and (book.held, book.charged) != (0, truly):
            problems.append(f"job {book.job_id}: ledger {book.charged} (held {book.held}), the provider took {truly}")
        if book.state is JobState.UNRESOLVED and (book.held <= 0 or book.charged):
            problems.append(f"job {book.job_id} is unresolved, but its hold is {book.held}")
    ledger, provider = sum(book.charged for book in books), sum(charged.values())
    if not any(book.state is JobState.UNRESOLVED for book in books) and ledger != provider:
        problems.append(f"the ledger says {ledger} credits, the provider {provider}")
    return problems


def _limit(studio: StudioSandbox) -> list[str]:
    allowed, most = studio.posts_per_hour, studio.records.posts_in_any_hour_max()
    if allowed is not None and most > allowed:
        return [f"{most} POSTs within 60 minutes where {allowed} are allowed"]
    refused = [post for post in studio.records.posts if post.status == 429 and post.fault is None]
    return [f"the provider refused {len(refused)} POSTs over its hourly limit"] if refused else []
