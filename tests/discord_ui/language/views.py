"""What people read, by its name: each entry renders one view or a few sentences from plain facts.

The facts have no English words: names and prompts are in Cyrillic letters.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.interactions.errors import explain as explain_error
from bot.discord_ui.interactions.incident_action import IncidentAction
from bot.discord_ui.interactions.next_clip import NextClip
from bot.discord_ui.interactions.permissions import permission_names
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views import (
    access_words,
    approval_card,
    audit_words,
    card_files,
    case_cards,
    cast_words,
    clip_words,
    closing_message,
    continue_preview,
    film_message,
    film_words,
    forecast_words,
    gallery_page,
    guild_notice_words,
    incident_card,
    job_answers,
    ledger_pages,
    limit_warnings,
    lineage_words,
    log_words,
    moderation_words,
    notices,
    option_words,
    problem_words,
    quota_words,
    refusal_words,
    report_words,
    status_card,
    style_words,
    word_list_words,
)
from bot.discord_ui.views.settings_panel import showcase as showcase_panel
from bot.discord_ui.views.settings_panel import styles as styles_panel
from bot.domain.access import AccessReason, AccessRefusal
from bot.domain.approvals import Approval, Decision
from bot.domain.attachments import Attachment, CardFile, MediaKind
from bot.domain.audit import THE_BOT, AuditEntry
from bot.domain.blocking import BlockedReason
from bot.domain.cases import Candidate, Case
from bot.domain.cast import CastPicture
from bot.domain.continuing import continuation
from bot.domain.durations import Durations
from bot.domain.fields import options_for
from bot.domain.film_problems import FilmProblem
from bot.domain.forecast import Forecast, HeldUp
from bot.domain.gallery import REELS, GalleryEntry, GalleryFilter, GalleryKind, GalleryOrder, model_key
from bot.domain.guild_log import LogEntry, LogKind
from bot.domain.guild_notices import GuildNotice, GuildNoticeKind
from bot.domain.guild_settings import GuildSettings, SettingsView
from bot.domain.jobs import Job, JobState
from bot.domain.ledger import Kind
from bot.domain.ledger_views import Entry, JobLine
from bot.domain.limit_warnings import LimitWarning, Why
from bot.domain.lineage import Lineage, Relative
from bot.domain.moderation import Bar, BlockKind, Incident, IncidentDecision, IncidentKind, MemberBlock, Report, Stop
from bot.domain.notices import Notice, NoticeKind
from bot.domain.periods import Period
from bot.domain.postings import DIRECT, Posting
from bot.domain.pricing import Estimate
from bot.domain.problems import Problem, Rule
from bot.domain.quota import Allowance, Limit, Refusal, RefusalReason, Scope
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.request import GenerationRequest
from bot.domain.styles import Style, StyleDraft, Wording
from bot.domain.word_list import Additions, EntryProblem, RefusedLine
from bot.engine.approval import Question
from bot.engine.clips import ClipProblem
from bot.engine.guild_log import LogLine
from bot.engine.incidents import IncidentCard
from bot.engine.notifier import Result, StatusCard, Unattached
from bot.engine.reel_poster import FilmCard, FilmFailure, FilmMessage
from bot.services.gallery import GalleryItem, GalleryPage
from bot.services.job_views import JobView, Resend
from bot.services.reports import Reported, ReportOutcome
from tests.discord_ui.catalogues import KLING, MOTION_CONTROL, VEO_FAST
from tests.discord_ui.language.comparison_views import comparisons
from tests.discord_ui.language.reel_views import reels
from tests.discord_ui.test_audit_words import CASES as AUDIT_CASES
from tests.discord_ui.test_delivery import CLOSING
from tests.discord_ui.test_pages import make_job

FOX, MODEL = "Лиса", "Вео 3.1"
URL = "https://media.example/clip.mp4"
JOB: Job = make_job(
    state=JobState.RUNNING, reason=None, model_name=MODEL, held=1_000, charged=1_000, payload={"prompt": FOX}
)
POSTING = Posting(2.0, "channel", 5, 4711, 1, 1, None)
FILE = Attachment("https://cdn.example/f.png", "Лиса.пнг", "image/png", 1_000_000)
LIMITS = [Limit(scope, 9, period, 500) for scope, period in product(Scope, Period)]
BLOCK = MemberBlock(7, BlockKind.BLOCK, FOX, 9.0, 8, 1.0)
PAUSE = MemberBlock(7, BlockKind.PAUSE, "", 9.0, None, 1.0)

Shown = str | discord.ui.View | discord.ui.LayoutView | Iterable[str]
View = Callable[[], Iterator[Shown]]


def audit() -> Iterator[Shown]:
    for action, data, _ in AUDIT_CASES:
        translated = {
            key: FOX if key in ("reason", "words", "model", "style") and value else value for key, value in data.items()
        }
        yield audit_words.audit_words(AuditEntry(7, action, translated, 1.0), {9}, lambda _slug: MODEL)


def statuses() -> Iterator[Shown]:
    forecasts = [
        Forecast(place=1, starts_at=1.0, ready_at=2.0, durations=Durations()),
        Forecast(place=12, ahead_of_own=2, decided_by=3.0),
        Forecast(is_starting=True, is_overdue=True, durations=Durations()),
        *(Forecast(held_up=why) for why in HeldUp),
    ]
    for state, forecast, certain, reason in product(JobState, forecasts, (True, False), (FOX, None)):
        card = StatusCard("k5vvk6pe933k", 1, 2, 7, MODEL, FOX, state, None, 100, certain, forecast, reason)
        yield status_card.status_view(card)
        yield status_card.ended_view(card)
        yield status_card.moved_view(card, (5, 6))
    yield from (forecast_words.waiting_words(forecast) for forecast in forecasts)


def closings() -> Iterator[Shown]:
    request = GenerationRequest(
        "kling", {"prompt": FOX, "duration": 8, "sound": False, "quality": "pro", "image": FILE}
    )
    base = replace(CLOSING, model_name=MODEL, request=request, results_channel_id=5, upload_limit=10_000_000)
    results = [
        (),
        (Result(URL, size_bytes=90_000_000, problem=Unattached.TOO_LARGE),),
        (Result(URL, made_smaller=True),) * 2,
    ]
    results += [(Result(URL, problem=problem),) for problem in (None, *Unattached)]
    for state, found, reason, by in product(
        (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED), results, (FOX, None), (None, 7, base.member_id)
    ):
        for charged, certain in ((0, True), (1, True), (1_000, False)):
            closing = replace(
                base, state=state, results=found, reason=reason, cancelled_by=by, charged=charged, price_certain=certain
            )
            attached = range(len(found)) if found and found[0].made_smaller else ()
            yield closing_message.closing_text(closing, attached, fallback=True, direct=True)
            yield closing_message.closing_view(closing)
            yield from (closing_message.alternative_text(closing, position) for position in range(len(found)))


def owners_notices() -> Iterator[Shown]:
    data: dict[str, Any] = {
        "job_id": "k5vvk6pe933k", "model_name": MODEL, "held": 1_000, "why": FOX, "guild_id": 1, "asked": 90.0,
        "seconds": 40 * 86_400.0, "remote_ids": ["r1"], "unnamed": 3, "status": FOX, "available": 5, "required": 8,
        "legacy_may_help": True,
    }  # fmt: skip
    for kind in NoticeKind:
        for was in (*BlockedReason, NoticeKind.UNREACHABLE):
            yield notices.notice_text(Notice("n", kind, data | {"was": str(was)}), FOX)
        yield notices.notice_text(Notice("n", kind, data | {"was": "no_credits", "available": None, "guild_id": 1}))
        view = notices.notice_view(Notice("n", kind, data))
        if view is not None:
            yield view


def refusals() -> Iterator[Shown]:
    data: dict[str, Any] = {
        "maximum": 1_000, "minimum": 1, "price": 30, "charged": 20, "channel_id": 5, "job_id": "k5vvk6pe933k",
        "count": 2, "option": "image", "value": FOX, "megabytes": 4,
    }  # fmt: skip
    for why in Impossible:
        for decision in Decision:
            yield refusal_words.words_of(NotPossible(why, **data, decision=str(decision)))
    missing = ["manage_guild", "attach_files"]
    errors: list[Exception] = [
        app_commands.MissingPermissions(missing),
        app_commands.BotMissingPermissions(missing[:1]),
        app_commands.NoPrivateMessage(),
        app_commands.CommandOnCooldown(app_commands.Cooldown(1, 20), 9.0),
        app_commands.CheckFailure(),
    ]
    yield from (str(explain_error(error)) for error in errors)
    yield permission_names(missing)


def quotas() -> Iterator[Shown]:
    for limit in LIMITS:
        yield quota_words.limit_words(limit)
        yield quota_words.limit_words(replace(limit, amount=None))
        yield quota_words.subject_words(limit, set())
        for amount in (0, 1_000, None):
            allowance = Allowance(replace(limit, amount=amount), 3, 4, 9.0)
            yield quota_words.allowance_words(allowance)
            for granted in (0, 5):
                yield quota_words.explain([Refusal(RefusalReason.LIMIT, allowance=allowance, granted=granted)], 2_000)
    for reason, allowed in product(set(RefusalReason) - {RefusalReason.LIMIT}, (0, 1, 5)):
        yield quota_words.explain([Refusal(reason, allowed)], 2_000)
    yield from (quota_words.confirm_words(amount) for amount in (None, -1, 0, 50))
    yield quota_words.kept_words(1_000)
    yield quota_words.difference_words(-1_000)
    for why in (Why.NO_JOBS, Why.NEVER_ASKED, Why.NOTHING_COSTS_SO_LITTLE):
        for rule in limit_warnings._RULES[why]:
            yield limit_warnings.warning_words(LimitWarning(why, rule=rule), {9})
    for limit, holds in product(LIMITS[::3], (None, *LIMITS[::3])):
        yield limit_warnings.warning_words(LimitWarning(Why.BELOW_DEFAULT, limit, holds), {9})
        yield limit_warnings.warning_words(LimitWarning(Why.STILL_HOLDS, limit, holds), {9})


def requests() -> Iterator[Shown]:
    for rule, value, kind in product(Rule, (FOX, None, True, FILE), MediaKind):
        yield problem_words.problem_words(Problem("image", value, rule, MODEL, FOX, ("1:1", "2:1"), kind, 3, 9))
    for reason, known, model in product(AccessReason, ({9}, set[int]()), (None, replace(VEO_FAST, name=MODEL))):
        yield access_words.access_words([AccessRefusal(reason, frozenset({9}))], model, known)
    yield access_words.one_of([f"<#{number}>" for number in range(9)])
    for model in (replace(VEO_FAST, name=MODEL), replace(KLING, name=MODEL), replace(MOTION_CONTROL, name=MODEL)):
        for spec in options_for(model):
            yield option_words.option_words(model, spec)
    yield from map(say, job_answers.RESEND_WORDS.values())
    yield from map(say, quota_words.OUTAGE_WORDS.values())
    yield from (job_answers.too_late_words(replace(JOB, state=state)) for state in JobState)


def moderation() -> Iterator[Shown]:
    data: dict[str, Any] = {"count": 3, "owners": True, "model": MODEL, "entry": FOX, "text": FOX, "ends_at": 9.0}
    for kind, decision, block, actor in product(
        IncidentKind, (None, *IncidentDecision), (None, BLOCK, PAUSE), (None, 8)
    ):
        incident = Incident(1, 1, kind, 7, 5, JOB.id, data, 1.0, decision, actor, None, None)
        reports = (Report(9, FOX, 1.0), Report(10, FOX, 1.0))
        yield incident_card.incident_view(IncidentCard(incident, reports, JOB, POSTING, block))
        yield incident_card.incident_line(incident)
        yield incident_card.incident_label(incident)
        yield report_words.answer_to_reporter(incident, JOB)
        yield report_words.answer_to_reporter(incident, None)
        yield from (report_words.reported(ReportOutcome(each, decision)) for each in Reported)
    for block in (BLOCK, PAUSE, replace(BLOCK, ends_at=None, reason=""), replace(PAUSE, ends_at=None)):
        yield report_words.blocked(block)
        yield moderation_words.until(block)
    yield from (report_words.barred(bar, None) for bar in Bar if bar in report_words._BARS)
    yield from (moderation_words.moderators_only(action) for action in IncidentAction)
    yield report_words.reports_wait(FOX)
    refused = tuple(RefusedLine(FOX, why) for why in EntryProblem)
    yield from (word_list_words.added_note(Additions((FOX,), 2, (line,))) for line in refused)
    yield word_list_words.added_note(Additions((FOX,), 2, refused))
    yield word_list_words.removed_note(1_000)
    for owners in (True, False):
        yield word_list_words.dry_run_note(FOX, [], owners_alone=owners)
        yield word_list_words.dry_run_note(FOX, [Stop(FOX, owners)])
        yield word_list_words.age_restricted_note(FOX, on=owners)
    yield from (word_list_words.owners_list(count) for count in (0, 1_000))
    yield from (word_list_words.age_restricted_list(names) for names in ([], [FOX]))


def logs() -> Iterator[Shown]:
    for kind, state, job, posting in product(
        (LogKind.REQUESTED, LogKind.ENDED, LogKind.DELETED),
        JobState,
        (JOB, None),
        (POSTING, None, replace(POSTING, outcome=DIRECT)),
    ):
        entry = LogEntry(kind, {"job_id": JOB.id, "actor_id": 0}, 1.0)
        for certain in (True, False):
            shown = None if job is None else replace(job, state=state, price_certain=certain)
            yield log_words.log_line(LogLine(entry, shown, posting), 1, str)
    yield from (guild_notice_words.notice_words(GuildNotice(kind, {"channel_id": 5}, 1.0)) for kind in GuildNoticeKind)


def approvals() -> Iterator[Shown]:
    for decision, certain in product((None, *Decision), (True, False)):
        approval = Approval(JOB.id, 1, 2, 3, 1.0, 9.0, decision, 8)
        question = Question(approval, replace(JOB, price_certain=certain))
        stopped = approval_card.stopped_words(NotPossible(Impossible.SERVER_BLOCKED), 8, 1.0)
        yield approval_card.approval_view(question, stopped)


def cases() -> Iterator[Shown]:
    candidates = tuple(Candidate(f"r{number}", "v", 1.0, FOX) for number in range(8))
    yield case_cards.cases_view([Case(JOB, FOX, 1.0, candidates)] * 9, lambda _slug: MODEL)
    yield case_cards.cases_view([], lambda _slug: MODEL)


def ledger() -> Iterator[Shown]:
    for kind, state, overrun, actor in product(Kind, (None, *JobState), (0, 5), (None, 8)):
        entry = Entry(1, 1.0, kind, 7, JOB.id, "v", 100, 1_000, -3, 8, overrun, None, actor, FOX, "2026-11-03")
        yield ledger_pages.entry_text(entry, lambda _slug: MODEL)
        hold = replace(entry, kind=Kind.HOLD)
        ended = kind in (Kind.CAPTURE, Kind.RELEASE, Kind.KEPT)
        line = JobLine(hold, entry if ended else None, state, compared=ended)
        yield ledger_pages.line_text(line if ended or kind is Kind.HOLD else entry, lambda _slug: MODEL)


def styles() -> Iterator[Shown]:
    fixed: dict[str, str | int] = {"aspect_ratio": "9:16", "duration": 8, "quality": "1080p"}
    draft = StyleDraft("_" * 40, "_" * 1_000, fixed)
    saved = [Style(number, draft, 7, 1.0) for number in range(25)]
    for shown, listed in ((None, ()), (None, saved[:3]), (0, saved)):
        view = discord.ui.LayoutView()
        for item in styles_panel.styles_items(listed, shown):
            view.add_item(item)
        yield view
    yield [styles_panel.saved_note(FOX), styles_panel.removed_note(FOX), *map(styles_panel.styles_summary, (0, 9))]
    yield [style_words.overruled_words(FOX, fixed), style_words.beyond_words(FOX, MODEL, fixed)]
    wording = Wording(FOX, "{prompt}", frozenset(fixed))
    yield style_words.set_by_style_words(GenerationRequest("v", {"prompt": FOX, **fixed}, wording)) or ""
    card = StatusCard("k5vvk6pe933k", 1, 2, 7, MODEL, FOX, JobState.RUNNING, None, 100, True, Forecast(), None)
    yield status_card.status_view(replace(card, style=FOX))


def galleries() -> Iterator[Shown]:
    video = GalleryEntry(GalleryKind.VIDEO, "k", 2**63, 2**63, 2**63, 5, 2**63, "veo", 1.0, 12_345, 1.0)
    reel = replace(video, kind=GalleryKind.REEL, source_id="9", message_id=5, model_slug=None, likes=0, member_id=-5)
    items = (GalleryItem(video, "_" * 200, "_" * 5_000), GalleryItem(reel, "", ""), GalleryItem(video, MODEL, FOX))
    models = (REELS, *(f"model{number}" for number in range(30)))
    addresses = {video.message_id: URL, reel.message_id: URL}
    for page, shown, out in product((0, 99_999), ((), items * 2), (True, False)):
        wanted = GalleryFilter(GalleryOrder.BEST_OF_MONTH, model_key(models[29]) if page else None, 7, page)
        found = GalleryPage(wanted, shown, not page, models, out)
        yield gallery_page.gallery_view(found, addresses, lambda _slug: MODEL * 20, gallery_page.out_note(out=out))
    yield gallery_page.gallery_view(GalleryPage(GalleryFilter(), (), False, (), False), {}, str)
    view = discord.ui.LayoutView()
    for item in showcase_panel.showcase_items(
        SettingsView(GuildSettings(showcase_channel=5, weekly_reel_day=2), {}), {5}, 9.0
    ):
        view.add_item(item)
    yield view


def continuations() -> Iterator[Shown]:
    relatives = [
        None,
        Relative("0" * 12),
        Relative("1" * 12, 7, MODEL, (5, 6)),
        Relative("2" * 12, -7, MODEL),
    ]
    card = StatusCard("k5vvk6pe933k", 1, 2, 7, MODEL, FOX, JobState.RUNNING, None, 100, True, Forecast(), None)
    for parent in relatives:
        shown = replace(card, parent=parent, pictures=("f.jpg",), files=(CardFile("f.jpg", b""),))
        yield status_card.status_view(shown)
        yield [file.description or "" for file in card_files.card_files(shown)]
        continued = replace(CLOSING, parent=parent, model_name=MODEL, request=GenerationRequest("v", {"prompt": FOX}))
        yield closing_message.closing_text(continued, ())
    known = tuple(one for one in relatives if one is not None)
    yield lineage_words.lineage_lines(Lineage(known, known, 9, has_more_ancestors=True), 1)
    yield lineage_words.lineage_lines(Lineage(known[:1], known[:1], 1), 1)
    view = JobView(JOB, GenerationRequest("v", {"prompt": FOX}), Forecast(), POSTING, Resend.STANDS)
    offers = []
    for number in range(60):
        model = replace(VEO_FAST, slug=f"{number}" * 30, name=MODEL * 20)
        request = continuation(model, GenerationRequest("v", {"prompt": FOX * 900}), FILE, FOX)
        offers.append(continue_preview.Offer(model, request, Estimate(10**9, certain=number % 2 == 0), Durations()))
    for clip in (NextClip("0" * 12, 9), NextClip("0" * 12, 0, offers[40].model.slug)):
        yield continue_preview.preview(view, clip, "f.jpg", 10, offers)
        yield continue_preview.preview(view, clip, "f.jpg", 1, offers[:1])
    for prompt in ("", FOX * 900):
        dialog = continue_preview.next_dialog(NextClip("0" * 12, 9, "v"), VEO_FAST, prompt)
        fields = [item for item in dialog.walk_children() if isinstance(item, discord.ui.TextInput)]
        labels = [item for item in dialog.walk_children() if isinstance(item, discord.ui.Label)]
        yield [dialog.title, *(str(one.placeholder) for one in fields)]
        yield [words for one in labels for words in (one.text, str(one.description))]
    yield map(clip_words.clip_words, ClipProblem)
    yield map(say, (
        continue_preview.NO_MODEL, continue_preview.NOT_A_VIDEO, continue_preview.NO_VIDEO,
        continue_preview.ONLY_IN_SERVERS, continue_preview.MODEL_GONE,
    ))  # fmt: skip


def films() -> Iterator[Shown]:
    makers = tuple(range(1, 100))
    for title, percent in (("_" * 100, None), ("", 0), (FOX, 99)):
        yield film_message.film_card(FilmCard(1, 2, 3, 2**63, title, percent, None))
        film = FilmMessage(1, 2, 3, 2**63, 1.0, title, makers, 200, 65_000, percent or 0, Path("a"), 12_345_678)
        yield [film_words.message_words(film), film_words.alternative_words(film)]
    yield film_words.message_words(replace(film, makers=(2**63,), clips=1, dropped=1, sound_missing=True))
    for asked_by in (4, THE_BOT):
        yield from (film_words.failure_words(FilmFailure(1, 2, 3, asked_by, FOX, problem)) for problem in FilmProblem)
    yield film_words.card_words(FilmCard(1, 2, 3, THE_BOT, FOX, 5, None))
    yield film_words.message_words(replace(film, asked_by=THE_BOT))
    yield film_message.film_view(2**50)


def cast() -> Iterator[Shown]:
    own = [CastPicture(n, 0, 7, "_" * 32, "image/png", 900_000, f"{n:032}", 640, 480, 1.0) for n in range(25)]
    shared = [replace(one, guild_id=5, width=None) for one in own]
    for listed in ([], own[:1], own + shared):
        shown = [(one, CardFile(one.attachment.filename, b"")) for one in listed[:10]]
        yield cast_words.cast_view(listed, shown, 25, 90)
    yield [cast_words.cast_label(FOX, one, option) for one in (own[0], shared[0]) for option in ("", "first_frame")]
    yield [cast_words.added_words(FOX, shared=shared) for shared in (False, True)]
    yield cast_words.removed_words(FOX)


VIEWS: dict[str, View] = {
    view.__name__: view
    for view in (
        audit, statuses, closings, owners_notices, refusals, quotas, requests, moderation, logs, approvals, cases,
        ledger, styles, galleries, continuations, films, reels, cast, comparisons,
    )
}  # fmt: skip
"""The table. What is shown only in an answer to a command is read in `test_nothing_stays_english`."""
