"""The use cases that cogs may call."""

from bot.composition.media import Media
from bot.domain.privacy import Policy
from bot.domain.quota import GuildDefaults
from bot.engine.context import EngineContext
from bot.media.joining import joining_available
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
from bot.services.reel_views import ReelBounds
from bot.services.reels import Reels
from bot.services.reports import Reports
from bot.services.services import Services
from bot.services.styles import Styles
from bot.services.word_lists import WordLists
from bot.settings import Settings


def build_services(
    settings: Settings, context: EngineContext, catalogue: CatalogueService, owners: Owners, media: Media
) -> Services:
    """Return every use case, over one engine context."""
    database, clock = context.database, context.clock
    defaults, account_bound = GuildDefaults(settings.default_guild_credits), settings.account_credits_per_month
    return Services(
        owners=owners,
        database=database,
        metrics=context.metrics,
        clock=clock,
        catalogue=catalogue,
        commands=CommandsService(database, clock),
        admission=Admission(context, defaults, account_credits_per_month=account_bound),
        jobs=JobsService(context),
        comparisons=ComparisonsService(context),
        operations=Operations(context),
        credits=CreditsService(database, clock, defaults, account_credits_per_month=account_bound),
        approvals=Approvals(context),
        word_lists=WordLists(context),
        moderation=Moderation(context, defaults),
        reports=Reports(context),
        age_restriction=AgeRestriction(context),
        gallery=GalleryService(context),
        films=Films(context),
        guild_settings=GuildSettingsService(database, clock),
        member_locales=MemberLocales(database, clock),
        model_choice=ModelChoice(database),
        continuations=Continuations(media.clips, media.last_frames),
        styles=Styles(context),
        cast=Cast(context, settings.cast_limits),
        privacy=Privacy(context, Policy(settings.retention_days, settings.privacy_url, settings.terms_url)),
        reels=Reels(context),
        reel_films=ReelFilms(
            context,
            ReelBounds(settings.reel_seconds_max, settings.reel_waiting_max, available=joining_available()),
        ),
    )
