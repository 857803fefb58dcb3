// Discord's levers: permissions, limits, the gateway, the clock.

import { ahead } from "../clock.js";
import { h } from "../dom.js";
import { post } from "../http.js";
import { bytes } from "../messages/attachments.js";
import { channel, guildOf, session } from "../session.js";
import { action, chooser, graveAction, group, notes, toggle, wordsOf } from "./parts.js";

const VIEW = 1n << 10n;
const SEND = 1n << 11n;
/** @type {[string, string, bigint, bigint][]} name, words, bit, and the bits without which it has no effect */
const PERMISSIONS = [
  ["VIEW_CHANNEL", "See this channel", VIEW, 0n],
  ["SEND_MESSAGES", "Write here", SEND, VIEW],
  ["EMBED_LINKS", "Embed links", 1n << 14n, VIEW | SEND],
  ["ATTACH_FILES", "Attach files", 1n << 15n, VIEW | SEND],
  ["READ_MESSAGE_HISTORY", "Read the history", 1n << 16n, VIEW],
];

/** @type {[string, string, object][]} */
const FAULTS = [
  [
    "503",
    "Posting a message answers 503 (three times)",
    { method: "POST", path: "/channels/*/messages", status: 503, times: 3 },
  ],
  [
    "429",
    "Posting a message is rate limited for 5 s",
    { method: "POST", path: "/channels/*/messages", status: 429, retry_after_seconds: 5 },
  ],
  [
    "lost",
    "Posting a message works, but the answer is lost",
    { method: "POST", path: "/channels/*/messages", cut: true },
  ],
  [
    "413",
    "The next upload is too large (413)",
    { method: "POST", path: "/channels/*/messages", status: 413, code: 40005 },
  ],
  [
    "late",
    "The next answer to a command comes 4 s late",
    { method: "POST", path: "/interactions/*/callback", latency_seconds: 4 },
  ],
];

const LIMITS = /** @type {[string, string][]} */ ([
  ["", "by boost tier"],
  ["100000", "100 kB"],
  ["1048576", "1 MiB"],
  ["10485760", "10 MiB"],
  ["20971520", "20 MiB"],
  ["104857600", "100 MiB"],
]);
const TIERS = /** @type {[string, string][]} */ ([
  ["0", "none"],
  ["1", "tier 1"],
  ["2", "tier 2 (50 MiB)"],
  ["3", "tier 3 (100 MiB)"],
]);
const LOCALES = /** @type {[string, string][]} */ ([
  ["en-US", "English (US)"],
  ["en-GB", "English (UK)"],
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["es-ES", "Español"],
  ["pt-BR", "Português"],
  ["ja", "日本語"],
]);
const HOUR = 3600;

/** @param {string} name @param {object} body */
const pull = (name, body) => post(`/controls/${name}`, body);

export function discordLevers() {
  const permissions = PERMISSIONS.map(([name, words]) =>
    toggle(words, (on) => pull("permission", { channel: session.channelId, permission: name, allowed: on })),
  );
  const where = h("p", { class: "hint" });
  const gateway = h("p", { class: "hint" });
  const limits = toggle("Real rate limits", (on) => pull("rate-limits", { enforced: on }));
  const tier = chooser("Boosts of this server", TIERS, (value) =>
    pull("boost-tier", { guild: guildOf()?.id, tier: Number(value) }),
  );
  const upload = chooser("Largest upload in this server", LIMITS, (value) =>
    pull("upload-limit", { guild: guildOf()?.id, bytes: value ? Number(value) : null }),
  );
  const locale = chooser("Language of your client", LOCALES, (value) =>
    pull("locale", { user: session.persona, locale: value }),
  );
  const largest = h("p", { class: "hint" });
  const clock = h("p", { class: "hint" });
  const faults = h(
    "select",
    { class: "text-field", "aria-label": "Fault" },
    FAULTS.map(([value, words]) => h("option", { value }, words)),
  );
  const active = notes();
  const advance = (/** @type {string} */ words, /** @type {number} */ seconds) =>
    action(words, () => pull("advance-clock", { seconds }));

  const element = h(
    "div",
    {},
    group(
      "What the bot may do in this channel",
      where,
      permissions.map((one) => one.element),
      graveAction("Delete this channel", () => pull("delete-channel", { channel: session.channelId })),
    ),
    group(
      "Discord",
      limits.element,
      tier.element,
      upload.element,
      largest,
      locale.element,
      h(
        "div",
        { class: "lever-field stack" },
        h("span", {}, "Break the bot's next request"),
        faults,
        h(
          "div",
          { class: "lever-row" },
          action("Add", () => pull("fault", FAULTS.find(([key]) => key === faults.value)?.[2] ?? {}), "primary"),
          action("Clear", () => pull("clear-faults", {})),
        ),
      ),
      active.element,
    ),
    group(
      "Gateway",
      gateway,
      h(
        "div",
        { class: "lever-row" },
        action("Drop the connection", () => pull("disconnect", { resumable: true })),
        action("End the session", () => pull("disconnect", { resumable: false })),
        action("Ask to reconnect", () => pull("reconnect", {})),
      ),
    ),
    group(
      "Discord's clock",
      clock,
      h(
        "div",
        { class: "lever-row" },
        advance("+ 1 minute", 60),
        advance("+ 16 minutes", 16 * 60),
        advance("+ 1 hour", HOUR),
        advance("+ 25 hours", 25 * HOUR),
        action("Back to real time", () => pull("reset-clock", {})),
      ),
    ),
  );

  function update() {
    const here = channel();
    const effective = BigInt(here?.app_permissions ?? 0);
    permissions.forEach((one, index) => {
      const [, , bit, needed] = PERMISSIONS[index];
      // Direct messages have no such settings. Elsewhere a permission has no effect without the needed ones.
      one.show((effective & bit) !== 0n, Boolean(here?.guild_id) && (effective & needed) === needed);
    });
    where.textContent = here ? `#${here.name ?? "direct messages"}` : "No channel is open.";
    const shards = session.world.connected_shards;
    gateway.textContent = shards.length
      ? `Connected: ${shards.map((/** @type {number[]} */ [id, count]) => `shard ${id} of ${count}`).join(", ")}.`
      : "Not connected.";
    limits.show(session.world.rate_limits);
    tier.show(String(guildOf()?.premium_tier ?? 0));
    locale.show(session.view.user.locale);
    largest.textContent = guildOf() ? `Files of up to ${bytes(guildOf().upload_limit_bytes)} may be uploaded now.` : "";
    const minutes = Math.round(ahead() / 60);
    clock.textContent = `${minutes ? `${minutes} ${minutes === 1 ? "minute" : "minutes"} ahead of the bot's own clock.` : "The same as the bot's own clock."} Deadlines, tokens and addresses follow it.`;
    active.show(
      session.world.faults.map(
        (/** @type {any} */ one) =>
          `${wordsOf(FAULTS, one) ?? `${one.method} ${one.path}`} · ${one.times} more`,
      ),
    );
  }
  return { element, update };
}
