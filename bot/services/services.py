"""What the cogs may use: every use case, built once by the composition root."""

from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.engine.metrics import Metrics
from bot.services.admission import Admission
from bot.services.age_restriction import AgeRestriction
from bot.services.approvals import Approvals
from bot.services.cast import Cast
from bot.services.catalogue import CatalogueService
from bot.services.commands import CommandsService
from bot.services.comparisons import ComparisonsService
from bot.services.continuations import Continuations
from bot.services.credits import CreditsService
from bot.services.films import Films
from bot.services.gallery import GalleryService
from bot.services.guild_settings import GuildSettingsService
from bot.services.jobs import JobsService
from bot.services.member_locales import MemberLocales
from bot.services.model_choice import ModelChoice
from bot.services.moderation import Moderation
from bot.services.operations import Operations
from bot.services.owners import Owners
from bot.services.privacy import Privacy
from bot.services.reel_films import ReelFilms
from bot.services.reels import Reels
from bot.services.reports import Reports
from bot.services.styles import Styles
from bot.services.word_lists import WordLists
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Reached from an interaction as `interaction.client.services`."""

    owners: Owners
    database: Database
    metrics: Metrics
    clock: Clock
    catalogue: CatalogueService
    commands: CommandsService
    admission: Admission
    jobs: JobsService
    comparisons: ComparisonsService
    operations: Operations
    credits: CreditsService
    approvals: Approvals
    word_lists: WordLists
    moderation: Moderation
    reports: Reports
    age_restriction: AgeRestriction
    gallery: GalleryService
    films: Films
    guild_settings: GuildSettingsService
    member_locales: MemberLocales
    model_choice: ModelChoice
    continuations: Continuations
    styles: Styles
    cast: Cast
    privacy: Privacy
    reels: Reels
    reel_films: ReelFilms
