// The column of messages: keeps it in step with the history, element by element, and scrolls it.

import { byId, fill, h, icon } from "../dom.js";
import { channel, guildOf } from "../session.js";
import { focusRow, intro, list, pending, scroller, spacer, toEnd } from "./column.js";
import { history, loadOlder, onHistory } from "./history.js";
import { showMessageMenu } from "./menu.js";
import { MessageView } from "./message.js";
import { fitSpacer } from "./spacer.js";

const GROUP_SECONDS = 7 * 60;
const NEAR_END_PX = 80;

/** @type {Map<string, MessageView>} */
const views = new Map();
const newest = h(
  "button",
  {
    class: "newest",
    type: "button",
    hidden: true,
    on: {
      click: () => {
        pinned = true;
        toEnd();
      },
    },
  },
  "New messages",
  icon("down"),
);

let pinned = true;
/** Where the column stood at the last scroll, in pixels from its top. */
let lastTop = 0;
let shownKey = "";

/** @param {any} row @returns {any} the row itself, or the next one that is a message */
function skipNotes(row) {
  return row?.classList.contains("note") ? skipNotes(row.nextElementSibling) : row;
}

export function startList() {
  scroller.append(spacer, intro, list, pending);
  scroller.after(newest);
  scroller.addEventListener("scroll", onScroll, { passive: true });
  scroller.addEventListener("keydown", onKey);
  // If the end was in view it stays there, whatever grows: an edit, a note, the composer.
  const watch = new ResizeObserver(() => {
    fitSpacer();
    if (pinned) toEnd();
  });
  for (const one of [scroller, intro, list, pending]) watch.observe(one);
  onHistory(show);
}

/** @param {boolean} fresh */
function show(fresh) {
  const moved = history.key !== shownKey;
  const last = list.lastElementChild;
  if (moved) {
    views.clear();
    list.replaceChildren();
    pinned = true;
    shownKey = history.key;
  }
  showIntro();
  const held = heldFocus();
  const stay = heldPlace();
  /** @type {any} */
  let before = null;
  /** @type {HTMLElement | null} */
  let place = list.firstElementChild;
  const present = new Set();
  for (const message of history.messages) {
    present.add(message.id);
    let view = views.get(message.id);
    if (view) view.update(message, follows(before, message), fresh);
    else {
      view = new MessageView(message, follows(before, message));
      views.set(message.id, view);
    }
    place = skipNotes(place);
    if (view.element !== place) list.insertBefore(view.element, place);
    else place = /** @type {any} */ (place?.nextElementSibling);
    before = message;
  }
  for (const [id, view] of views) {
    if (present.has(id)) continue;
    view.element.remove();
    views.delete(id);
  }
  held();
  if (moved) fitSpacer();
  if (pinned) toEnd();
  else stay();
  newest.hidden = pinned || !last || list.lastElementChild === last;
}

/** What is read stays where it is while messages come and go above it. @returns {() => void} */
function heldPlace() {
  const edge = scroller.getBoundingClientRect().top;
  const anchor = [...list.children].find((row) => row.getBoundingClientRect().bottom > edge);
  const before = anchor?.getBoundingClientRect().top ?? 0;
  return () => {
    if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  };
}

function showIntro() {
  const where = channel();
  if (!where) {
    fill(
      intro,
      h("h3", {}, "Nothing to see here"),
      h("p", {}, "The channel was deleted or is closed to this person. Choose another one at the left."),
    );
    return;
  }
  const name = where.type === 1 ? "the place for direct messages with the bot" : `#${where.name}`;
  fill(
    intro,
    h("span", { class: "intro-mark" }, icon(where.type === 1 ? "at" : "hash")),
    h("h3", {}, `This is ${name}`),
    h("p", {}, where.type === 1 ? "" : `${guildOf()?.name ?? ""}. Type / to see what the bot can do.`),
    history.more &&
      h(
        "button",
        { class: "button secondary", type: "button", on: { click: () => void loadOlder() } },
        "Show older messages",
      ),
  );
}

/** Whether a message continues the one before it, so that its head can be left out. @param {any} before @param {any} message */
function follows(before, message) {
  return (
    Boolean(before) &&
    before.author.id === message.author.id &&
    !message.interaction_metadata &&
    !message.message_reference &&
    (before.flags & 64) === (message.flags & 64) &&
    Date.parse(message.timestamp) - Date.parse(before.timestamp) < GROUP_SECONDS * 1000 &&
    before.timestamp.slice(0, 10) === message.timestamp.slice(0, 10)
  );
}

/** Parts of messages are built anew when they change; the focus stays on the same control. @returns {() => void} */
function heldFocus() {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const id = active?.closest(".message")?.getAttribute("data-id");
  const key = active?.dataset.key;
  if (!id || !active) return () => {};
  return () => {
    if (active.isConnected) return;
    const element = views.get(id)?.element;
    const same = key && [...(element?.querySelectorAll("[data-key]") ?? [])].find((one) => one.dataset.key === key);
    const target = same && !same.disabled ? same : (element ?? byId("history"));
    target.focus({ preventScroll: true });
  };
}

/** Only scrolling up leaves the end. That the end is further away than before means that something has grown. */
function onScroll() {
  const top = scroller.scrollTop;
  pinned = scroller.scrollHeight - top - scroller.clientHeight < NEAR_END_PX || (pinned && top >= lastTop);
  lastTop = top;
  if (pinned) newest.hidden = true;
}

/** Arrow keys go from message to message; Enter or the menu key opens what can be done with one. @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const row = /** @type {HTMLElement | null} */ (target.closest(".message"));
  if (target !== scroller && target !== row) return;
  const rows = /** @type {HTMLElement[]} */ ([...list.children]);
  const at = row ? rows.indexOf(row) : rows.length;
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to !== undefined) focusRow(rows[Math.max(0, Math.min(to, rows.length - 1))]);
  else if (event.key === "Escape")
    byId("composer").querySelector("textarea, .command input:not(.unseen), .command button")?.focus();
  else if (row && (event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey))) {
    const message = history.messages.find((one) => one.id === row.dataset.id);
    if (message) showMessageMenu(row, message);
  } else return;
  event.preventDefault();
}
