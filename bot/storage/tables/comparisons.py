"""Comparisons of models, the clips in them, and the votes while these are being cast."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from bot.storage.tables.base import Flag, Instant, PersonId, Snowflake, metadata

comparisons_table = Table(
    "comparisons",
    metadata,
    Column("id", String(16), primary_key=True),
    Column(
        "interaction_id",
        Snowflake,
        nullable=False,
        unique=True,
        comment="the request's key: a second delivery changes nothing",
    ),
    Column("guild_id", Snowflake, nullable=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("member_id", PersonId, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("status_message_id", Snowflake, comment="the public card"),
    Column("card_reserved_until", Instant, comment="until then only the answer to the interaction posts the card"),
    Column("card_due_at", Instant, comment="since when the card is to be brought up to date; NULL: it is"),
    Column("shown_at", Instant, comment="when the card was last posted or edited"),
    Column("closed_at", Instant, comment="when it was decided what the message shows; NULL: it waits for clips"),
    Column("lead_job_id", String(16), comment="the job in whose row of the outbox the message is owed"),
    Column("voting_ends_at", Instant, comment="when votes are counted; NULL: there is nothing to vote on"),
    Column("ended_at", Instant, comment="when votes were counted, or it was clear that there are none to count"),
    Column("reveal_due_at", Instant, comment="when the message is edited to show names and votes; NULL: not to do"),
    Column("reveal_attempts", Integer, nullable=False, default=0, server_default="0"),
    Index("ix_comparisons_open", "ended_at", "closed_at"),
    Index("ix_comparisons_guild", "guild_id", "ended_at"),
    Index(None, "card_due_at"),
    Index(None, "reveal_due_at"),
)

comparison_clips_table = Table(
    "comparison_clips",
    metadata,
    Column("comparison_id", String(16), ForeignKey("comparisons.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False, comment="drawn by lot at admission"),
    Column("job_id", String(16), ForeignKey("jobs.id"), unique=True, comment="NULL: the job is forgotten"),
    Column("model_slug", String(200), nullable=False),
    Column("label", Integer, comment="0 is A; NULL: not shown in the message"),
    Column("in_message", Flag, nullable=False, comment="1: the comparison's message tells how it ended"),
    Column("votes", Integer, comment="NULL: not counted"),
    Column("won", Flag, comment="1: more votes than every other; NULL: not counted"),
)

comparison_votes_table = Table(
    "comparison_votes",
    metadata,
    Column("comparison_id", String(16), ForeignKey("comparisons.id"), primary_key=True),
    Column("member_id", PersonId, primary_key=True, autoincrement=False),
    Column("job_id", String(16), nullable=False, comment="the clip that the member chose"),
    Column("voted_at", Instant, nullable=False),
    Index("ix_comparison_votes_member", "member_id"),
    comment="who chose what; dropped when votes are counted",
)
