"""The loops of a process that works: each worker with its part of Discord."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord

from bot.composition.media import Media
from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.approvals import DiscordApprovalCards
from bot.discord_ui.posting.comparisons import DiscordComparisonNotifier
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.discord_ui.posting.guild_log import DiscordGuildLogWriter
from bot.discord_ui.posting.incidents import DiscordIncidentCards
from bot.discord_ui.posting.input_files import DiscordInputFiles
from bot.discord_ui.posting.likes import DiscordLikes
from bot.discord_ui.posting.owners import DiscordOwnerMessenger
from bot.discord_ui.posting.reel_panels import ReelPanels
from bot.discord_ui.posting.reels import DiscordReelPoster
from bot.discord_ui.posting.removal import DiscordMessageRemover
from bot.discord_ui.posting.showcase import DiscordShowcase
from bot.discord_ui.posting.weekly_words import DiscordWeeklyWords
from bot.engine.context import EngineContext
from bot.engine.runner import Loop
from bot.media.fitting import Fitter
from bot.media.limited_process import tool_available
from bot.services.services import Services
from bot.settings import Settings
from bot.storage.database import database_file
from bot.workers.approval_cards import ApprovalCardsWorker
from bot.workers.backups import Backups
from bot.workers.cards import Cards
from bot.workers.comparison_cards import ComparisonCards
from bot.workers.comparison_messages import ComparisonMessages
from bot.workers.comparisons import Comparisons
from bot.workers.delivery import Delivery
from bot.workers.erasures import Erasures
from bot.workers.film_making import FilmMaker
from bot.workers.guild_log import GuildLogs
from bot.workers.housekeeping import Housekeeping
from bot.workers.incidents import Incidents
from bot.workers.key_probe import KeyProbe
from bot.workers.likes import LikesWorker
from bot.workers.owner_notices import OwnerNotices
from bot.workers.poller import Poller
from bot.workers.reconciliation import Reconciliation
from bot.workers.reel_looks import ReelLooks
from bot.workers.reel_panels import DuePanels
from bot.workers.reel_renders import ReelRenders
from bot.workers.removals import Removals
from bot.workers.result_files import ResultFiles
from bot.workers.retention import Retention
from bot.workers.showcase import Showcase
from bot.workers.submitter import Submitter
from bot.workers.weekly_reels import WeeklyReels


@dataclass(frozen=True, slots=True)
class Work:
    """What a process runs for ever, and what it waits for when it stops."""

    loops: tuple[Loop, ...] = ()
    drains: tuple[Callable[[], Awaitable[None]], ...] = ()


def build_workers(
    settings: Settings, context: EngineContext, services: Services, poster: discord.Client, media: Media
) -> Work:
    """Return the engine's loops."""
    mentions = CommandMentions(poster, services.commands)
    settings_of, name_of = services.guild_settings.of, services.catalogue.name_of
    locale_of = services.member_locales.of
    notifier = DiscordNotifier(poster, mentions, settings_of, locale_of)
    approval_cards = DiscordApprovalCards(poster, mentions, settings_of)
    incident_cards = DiscordIncidentCards(poster, mentions, settings_of, locale_of)
    owner_messenger = DiscordOwnerMessenger(poster, mentions, services.owners.ids, locale_of)
    remover = DiscordMessageRemover(poster)
    comparison_notifier = DiscordComparisonNotifier(poster, mentions, settings_of, locale_of)
    submitter = Submitter(context, DiscordInputFiles(poster))
    files = ResultFiles(context, media.downloads, Fitter())
    delivery = Delivery(context, notifier, files, ComparisonMessages(context, comparison_notifier, files))
    film_maker = FilmMaker(
        media.folder, media.clips, seconds_max=settings.reel_seconds_max, threads=settings.reel_threads
    )
    reel_panels = ReelPanels(poster, mentions, services.reels, settings_of)
    reel_renders = ReelRenders(context, DiscordReelPoster(poster, mentions, settings_of), film_maker, reel_panels)
    showcase = DiscordShowcase(poster)
    weekly_words = DiscordWeeklyWords(poster, settings_of)
    weekly_reels = WeeklyReels(context, showcase, weekly_words, services.reel_films)
    wake_events = context.wake_events
    loops: tuple[Loop, ...] = (
        Loop("submitter", submitter.step, wake_events.submit),
        Loop("reconciliation", Reconciliation(context).step, wake_events.reconcile),
        Loop("poller", Poller(context).step, wake_events.poll),
        Loop("delivery", delivery.step, wake_events.deliver),
        Loop("cards", Cards(context, notifier).step, wake_events.cards),
        Loop("comparison cards", ComparisonCards(context, comparison_notifier).step),
        Loop("comparisons", Comparisons(context, comparison_notifier).step),
        Loop("approval cards", ApprovalCardsWorker(context, approval_cards).step, wake_events.approvals),
        Loop("incidents", Incidents(context, incident_cards).step, wake_events.incidents),
        Loop("owner notices", OwnerNotices(context, owner_messenger).step),
        Loop("guild logs", GuildLogs(context, DiscordGuildLogWriter(poster, name_of, settings_of)).step),
        Loop("reel panels", DuePanels(context, reel_panels).step),
        *_looks(context, media, reel_panels),
        Loop("reel renders", reel_renders.step, wake_events.films),
        Loop("removals", Removals(context, remover).step, wake_events.removals),
        Loop("likes", LikesWorker(context, DiscordLikes(poster)).step, wake_events.likes),
        Loop("weekly reels", weekly_reels.step),
        Loop("showcase", Showcase(context, showcase, remover).step, wake_events.showcase),
        Loop("erasures", Erasures(context, remover).step, wake_events.erase),
        Loop("key probe", KeyProbe(context).step),
        Loop("retention", Retention(context, settings.retention_days).step),
        Loop("housekeeping", Housekeeping(context).step),
    )
    file = database_file(settings.database_url)
    if settings.backup_folder is not None and file is not None:
        backups = Backups(file, settings.backup_folder, settings.backups_kept, context.clock)
        loops = (*loops, Loop("backups", backups.step))
    return Work(loops, (submitter.drain, delivery.drain, reel_renders.drain))


def _looks(context: EngineContext, media: Media, panels: ReelPanels) -> tuple[Loop, ...]:
    """Return the loop that looks at clips of reels; none where nothing can look at them."""
    if not tool_available():
        return ()
    return (Loop("reel looks", ReelLooks(context, media.clips, panels).step, context.wake_events.reels),)
