// The messages of the open channel as the persona sees them; asked for anew whenever something there changed.

import { coalesced, listen } from "../changes.js";
import { get, Refusal } from "../http.js";
import { mine, onSession, session } from "../session.js";

const PAGE = 60;
/** Messages that may arrive between two requests before the oldest one that is shown falls out at the top. */
const SLACK = 40;

export const history = {
  /** @type {any[]} oldest first */
  messages: [],
  /** Whether there may be older ones. */
  more: false,
  /** Persona and channel that the messages belong to. */
  key: "",
};

/** How many messages are shown. It grows as new ones arrive, so that nothing moves for someone who reads further up. */
let limit = PAGE;
/** @type {Set<(fresh: boolean) => void>} */
const listeners = new Set();

/** @param {(fresh: boolean) => void} listener `fresh`: addresses of files are to be taken anew, too */
export function onHistory(listener) {
  listeners.add(listener);
}

/** Where this tab is. */
function here() {
  return `${session.persona}/${session.channelId}`;
}

let fresh = false;
let oldestShown = "";

export const refresh = coalesced(async () => {
  // Before the session is loaded, nobody knows which channel is meant.
  if (!session.view.user.id) return;
  const key = here();
  if (key !== history.key) limit = PAGE;
  const wasFresh = fresh;
  fresh = false;
  /** @type {any[]} */
  let messages = [];
  try {
    if (session.channelId) messages = await get(mine(`/channels/${session.channelId}/messages?limit=${limit + SLACK}`));
  } catch (error) {
    // The channel was deleted, or may not be read any more: there is nothing to see then.
    if (!(error instanceof Refusal) || !error.answered) throw error;
  }
  if (key !== here()) {
    // Not awaited: the next run begins when this one is over.
    void refresh();
    return;
  }
  const oldest = key === history.key ? messages.findIndex((one) => one.id === oldestShown) : -1;
  const shown = messages.slice(oldest >= 0 ? Math.min(oldest, Math.max(0, messages.length - limit)) : -limit);
  limit = Math.max(limit, shown.length);
  oldestShown = shown[0]?.id ?? "";
  const gone = dismissed();
  history.key = key;
  history.more = shown.length < messages.length;
  history.messages = shown.filter((one) => !gone.has(one.id));
  session.unread.delete(session.channelId ?? "");
  listeners.forEach((listener) => listener(wasFresh));
});

export function loadOlder() {
  limit += PAGE;
  return refresh();
}

/** @returns {Set<string>} ephemeral messages that were put away in this browser */
function dismissed() {
  return new Set(JSON.parse(localStorage.getItem("dismissed") ?? "[]"));
}

/** @param {string} id */
export function dismiss(id) {
  localStorage.setItem("dismissed", JSON.stringify([...dismissed(), id].slice(-500)));
  void refresh();
}

export function startHistory() {
  for (const kind of ["message.create", "message.update", "message.delete"]) {
    listen(kind, (change) => {
      if (change.channel_id === session.channelId) void refresh();
    });
  }
  listen("connected", () => void refresh());
  // Addresses of files may have expired.
  listen("clock", () => {
    fresh = true;
    void refresh();
  });
  onSession(() => void refresh());
}
