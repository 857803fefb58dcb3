"""Messages of every kind, posted as the bot straight into the sandbox."""

from collections.abc import Mapping
from typing import Any

from sandbox.discord import DiscordSandbox, Message
from sandbox.discord.body import Body, Upload

V2 = 1 << 15

MARKS = """# A heading
## A smaller one
### The smallest
-# and a subtext
**bold**, *slanted*, __underlined__, ~~struck~~, `code`, ||a secret||, snake_case_name, \\*plain\\*
> a quote
> of two lines
- one
  - one and a half
1. first
[a link](https://example.org/a) and https://example.org/b?c=d
for <@1150000000000000001> in <#1301000000000000001>, <@&1401000000000000001>
```python
print("<b>not bold</b>")
```
<t:{soon}:R> and <t:1700000000:D>"""

HOSTILE = '<img src=x onerror="document.title=`owned`"><script>document.title="owned"</script> [x](javascript:alert(1))'


def post(sandbox: DiscordSandbox, fields: dict[str, Any], files: Mapping[str, bytes] | None = None) -> Message:
    """A message of the bot in #videos; checked as a request of its would be."""
    core = sandbox.core
    uploads = []
    for index, (name, data) in enumerate((files or {}).items()):
        path = core.files.new_path()
        path.write_bytes(data)
        uploads.append(Upload(index, name, path, len(data)))
    channel = core.world.find_channel("Film Club/videos")
    return core.messages.post(channel, core.world.bot, Body(fields, uploads))


def edit(sandbox: DiscordSandbox, message: Message, fields: dict[str, Any]) -> None:
    """As the bot would."""
    sandbox.core.messages.edit(message, Body(fields))


def marks(sandbox: DiscordSandbox) -> Message:
    """Markdown."""
    return post(sandbox, {"content": MARKS.replace("{soon}", str(int(sandbox.clock.now()) + 90))})


def embed(sandbox: DiscordSandbox) -> Message:
    """An embed with everything."""
    fields = [{"name": f"Field {n}", "value": f"value {n}", "inline": True} for n in range(3)]
    card = {
        "title": "An embed",
        "url": "https://example.org",
        "description": "with a **description**",
        "color": 0x2D9D5C,
        "author": {"name": "Its author"},
        "fields": [*fields, {"name": "Wide", "value": "a wide one"}],
        "footer": {"text": "its foot"},
        "timestamp": "2026-01-02T03:04:05Z",
    }
    return post(sandbox, {"content": "", "embeds": [card]})


def video(sandbox: DiscordSandbox, clip: bytes, content: str = "a clip", description: str | None = None) -> Message:
    """A video as a plain attachment."""
    described = [{"id": 0, "filename": "clip.mp4", "description": description}]
    return post(sandbox, {"content": content, "attachments": described}, {"clip.mp4": clip})


def card(sandbox: DiscordSandbox, clip: bytes) -> Message:
    """Components V2."""
    button = {"type": 2, "style": 2, "label": "Details", "custom_id": "details"}
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "**A section**\nwith two lines"}],
        "accessory": button,
    }
    select = {
        "type": 3,
        "custom_id": "model",
        "placeholder": "Choose a model",
        "options": [{"label": n, "value": n, "description": f"{n} is good"} for n in ("Veo", "Kling", "Wan")],
    }
    inside = [
        {"type": 10, "content": "## A card\nfor <@1150000000000000001>"},
        {"type": 14},
        section,
        {"type": 12, "items": [{"media": {"url": "attachment://clip.mp4"}}]},
        {"type": 13, "file": {"url": "attachment://notes.txt"}},
        {"type": 1, "components": [select]},
        {
            "type": 1,
            "components": [
                {"type": 2, "style": style, "label": label, "custom_id": label.lower()}
                for style, label in ((1, "Again"), (2, "Edit"), (3, "Keep"), (4, "Delete"))
            ]
            + [{"type": 2, "style": 5, "label": "Site", "url": "https://example.org"}],
        },
    ]
    fields = {"flags": V2, "components": [{"type": 17, "accent_color": 0x5865F2, "components": inside}]}
    return post(sandbox, fields, {"clip.mp4": clip, "notes.txt": b"some notes"})
