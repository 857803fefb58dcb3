"""The provider's side: accounts (one per API key), their hourly POSTs, catalogues, and how long models take."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.domain.blocking import BlockedReason
from bot.domain.notices import NoticeKind
from bot.storage.tables.base import Credits, Instant, PersonId, RowId, Snowflake, metadata, one_of

OWNER_ACCOUNT = 1
"""The account of the owner's key, the one named in the settings; it exists from the first migration on."""

accounts_table = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", Snowflake, unique=True, comment="NULL: the owner's account, shared by all guilds"),
    Column("key_ciphertext", Text, comment="NULL: the key stands in the settings"),
    Column(
        "hourly_posts", Integer, nullable=False, comment="POSTs allowed in any 60 minutes; lowered when 429 teaches it"
    ),
    Column("hourly_posts_until", Instant, comment="when a learned stricter limit is forgotten again"),
    Column("blocked_reason", one_of(BlockedReason, 20), comment="unauthorized | forbidden | no_credits; NULL: usable"),
    Column("blocked_until", Instant, comment="when to try again after a block or a Retry-After"),
    Column("affordable", Credits, comment="jobs of up to so many credits are sent although the account is blocked"),
    Column("credits_remaining", Credits, comment="as the provider last said"),
    Column("credits_seen_at", Instant),
    Column(
        "clock", Instant, nullable=False, default=0.0, comment="virtual time of fair sharing: the last start tag served"
    ),
    CheckConstraint("hourly_posts > 0", name="hourly_posts_positive"),
)

posts_table = Table(
    "posts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("job_id", String(16), nullable=False),
    Column("at", Instant, nullable=False, comment="written before the POST leaves"),
    Index(None, "account_id", "at"),
    comment="the exact sliding log of generate POSTs",
)

fair_tags_table = Table(
    "fair_tags",
    metadata,
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("guild_id", Snowflake, primary_key=True),
    Column("member_id", PersonId, primary_key=True, comment="0: the guild itself"),
    Column("finish", Instant, nullable=False, comment="finish tag of its last served job"),
    Column("clock", Instant, nullable=False, comment="of a guild: virtual time among its members"),
)

catalogues_table = Table(
    "catalogues",
    metadata,
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("answer", JSON, nullable=False, comment="the provider's answer as it came"),
    Column("fetched_at", Instant, nullable=False),
)

model_names_table = Table(
    "model_names",
    metadata,
    Column("model_slug", String(200), primary_key=True),
    Column("name", String(200), nullable=False, comment="for people; the last one that the catalogue had"),
)

model_timings_table = Table(
    "model_timings",
    metadata,
    Column("model_slug", String(200), primary_key=True),
    Column(
        "slot", Integer, primary_key=True, comment="a ring of the latest durations, robust to outliers by its median"
    ),
    Column("seconds", Instant, nullable=False),
    Column("at", Instant, nullable=False),
)

owner_notices_table = Table(
    "owner_notices",
    metadata,
    Column("key", String(60), primary_key=True, comment="what it is about: told once until that is over"),
    Column("kind", one_of(NoticeKind, 40), nullable=False),
    Column("data", JSON, nullable=False, comment="what the words need; its keys belong to the kind"),
    Column("created_at", Instant, nullable=False),
    Column("told_at", Instant),
    Index(None, "told_at"),
)
