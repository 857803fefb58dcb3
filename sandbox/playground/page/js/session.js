// Who is at the page, where they are, and what they see around them. One session per tab; the address keeps it.

import { coalesced, listen } from "./changes.js";
import { setClock } from "./clock.js";
import { get } from "./http.js";

const CHANGED = "session";
const COMMAND_CHOSEN = "command";
/** The persona of a first visit. */
const STRANGER = "mia";

export const session = {
  /** User name of the persona. */
  persona: STRANGER,
  /** @type {any} the persona's user, guilds and channels, each with their permissions there */
  view: { user: { id: "", username: "", locale: "en-US" }, guilds: [], channels: [] },
  /** @type {any} everything: all guilds with members and roles, all personas */
  world: { personas: [], guilds: [], bot: {}, faults: [], connected_shards: [] },
  /** @type {string | null} */
  channelId: null,
  /** @type {any[]} registered commands that the persona sees in the channel */
  commands: [],
  /** @type {Set<string>} channels with messages that this tab has not shown */
  unread: new Set(),
};

const events = new EventTarget();

/** @param {() => void} listener called when anything of the session changed */
export function onSession(listener) {
  events.addEventListener(CHANGED, listener);
}

/** @param {(name: string) => void} listener called with the name of a command that was clicked, such as "veo fast" */
export function onCommandChosen(listener) {
  events.addEventListener(COMMAND_CHOSEN, (event) => listener(/** @type {CustomEvent<string>} */ (event).detail));
}

/** Begin a command, as a click on its mention does. @param {string} name without the slash */
export function chooseCommand(name) {
  events.dispatchEvent(new CustomEvent(COMMAND_CHOSEN, { detail: name }));
}

function changed() {
  events.dispatchEvent(new Event(CHANGED));
}

/** @param {string} path @returns {string} below the persona's own control route */
export function mine(path) {
  return `/personas/${encodeURIComponent(session.persona)}${path}`;
}

/** @returns {any} the channel that is open */
export function channel() {
  return session.view.channels.find((/** @type {any} */ one) => one.id === session.channelId) ?? null;
}

/** @returns {any} the guild of a channel, with members and roles; null for direct messages */
export function guildOf(/** @type {any} */ where = channel()) {
  return session.world.guilds.find((/** @type {any} */ one) => one.id === where?.guild_id) ?? null;
}

/** @param {bigint} bit @returns {boolean} whether the persona has the permission in the open channel */
export function may(bit) {
  return (BigInt(channel()?.permissions ?? 0) & bit) !== 0n;
}

export const MAY = { MANAGE_MESSAGES: 1n << 13n, SEND: 1n << 11n, SEND_IN_THREADS: 1n << 38n, ATTACH: 1n << 15n };

/** Load everything about the session again. */
const reload = coalesced(async () => {
  const persona = session.persona;
  const [world, view] = await Promise.all([get("/state"), get(mine(""))]);
  if (persona !== session.persona) {
    // Not awaited: the next run begins when this one is over.
    void reload();
    return;
  }
  session.world = world;
  session.view = view;
  setClock(world.now);
  if (!channel()) session.channelId = firstChannel();
  await loadCommands();
  writeAddress();
  changed();
});

const loadCommands = async () => {
  const where = session.channelId;
  session.commands = where ? await get(mine(`/commands?channel=${where}`)) : [];
};

/** The first channel for videos, else the first of all. */
function firstChannel() {
  const channels = session.view.channels;
  return (
    (channels.find((/** @type {any} */ one) => one.name === "videos" || one.name === "clips") ?? channels[0])?.id ??
    null
  );
}

/** @param {string} id */
export async function openChannel(id) {
  session.channelId = id;
  session.unread.delete(id);
  await reload();
}

/** @param {string} name */
export async function become(name) {
  session.persona = name;
  session.unread.clear();
  await reload();
}

function writeAddress() {
  history.replaceState(null, "", `#${session.persona}/${session.channelId ?? ""}`);
  localStorage.setItem("persona", session.persona);
}

function readAddress() {
  const [persona, id] = location.hash.slice(1).split("/");
  session.persona = persona || localStorage.getItem("persona") || STRANGER;
  session.channelId = id || null;
}

export async function startSession() {
  readAddress();
  window.addEventListener("hashchange", () => {
    readAddress();
    void reload();
  });
  for (const kind of ["world", "channel", "commands", "gateway", "settings", "connected"])
    listen(kind, () => void reload());
  listen("message.create", (change) => {
    if (change.channel_id === session.channelId || session.unread.has(change.channel_id)) return;
    // An ephemeral message for somebody else is no news.
    if (change.visible_to && change.visible_to !== session.view.user.id) return;
    session.unread.add(change.channel_id);
    // A direct message or a thread may have been opened just now.
    void reload();
  });
  try {
    await reload();
  } catch {
    session.persona = STRANGER;
    await reload();
  }
}
