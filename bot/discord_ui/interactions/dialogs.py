"""Submitted dialogs are passed on by their custom id, so that a restart while a member types loses nothing."""

from typing import Any

import discord

from bot.discord_ui.interactions.handlers import handle, handle_edit, handlers_of
from bot.discord_ui.views.continue_preview import next_clip
from bot.discord_ui.views.guild_buttons import AMOUNT, ceiling_guild
from bot.discord_ui.views.moderation_dialogs import REASON, TIME, blocking_incident, reported_job
from bot.discord_ui.views.prompt_dialog import MODEL, PROMPT, edited_job, fields_of, source_message
from bot.discord_ui.views.reel_panel.controls import dialog_press
from bot.discord_ui.views.settings_panel.controls import dialog_control


async def route_dialog(interaction: discord.Interaction[Any]) -> None:
    """Call the handler of a submitted dialog. Does nothing for other interactions and unknown dialogs."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    data: Any = interaction.data or {}
    handlers = handlers_of(interaction)
    fields = fields_of(data)
    prompt = "".join(fields.get(PROMPT, [])).strip()
    if (job_id := edited_job(data["custom_id"])) is not None:
        await handle(handlers.prompt_edited, interaction, job_id, prompt)
    elif (source := source_message(data["custom_id"])) is not None:
        kind, message_id = source
        chosen = [slug for name, slugs in fields.items() if name.startswith(MODEL) for slug in slugs]
        await handle(handlers.file_chosen, interaction, kind, message_id, chosen, prompt)
    elif (clip := next_clip(data["custom_id"])) is not None:
        await handle(handlers.next_entered, interaction, clip, prompt)
    elif (guild_id := ceiling_guild(data["custom_id"])) is not None:
        await handle(handlers.ceiling_entered, interaction, guild_id, "".join(fields.get(AMOUNT, [])))
    elif (job_id := reported_job(data["custom_id"])) is not None:
        await handle(handlers.result_reported, interaction, job_id, _entered(fields, REASON))
    elif (incident_id := blocking_incident(data["custom_id"])) is not None:
        await handle(
            handlers.member_blocked, interaction, incident_id, _entered(fields, TIME), _entered(fields, REASON)
        )
    elif (control := dialog_control(data["custom_id"])) is not None:
        await handle(handlers.panel_entered, interaction, control, fields)
    elif (press := dialog_press(data["custom_id"])) is not None:
        await handle_edit(handlers.reel_entered, interaction, press, fields)


def _entered(fields: dict[str, list[str]], name: str) -> str:
    return "".join(fields.get(name, [])).strip()
