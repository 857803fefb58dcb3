// Every REST request and gateway message, newest first, with what Discord's specification says about it.

import { coalesced, listen } from "../changes.js";
import { fill, h } from "../dom.js";
import { get } from "../http.js";
import { session } from "../session.js";
import { details } from "./entry.js";

const ROWS_MAX = 300;
const HEARTBEATS = new Set([1, 11]);

/** @typedef {{rest: boolean, entry: any, row: HTMLElement}} Item */

/** @param {() => boolean} isShown @returns {import("./parts.js").View} */
export function inspector(isShown) {
  /** @type {Item[]} newest first */
  let items = [];
  let requests = 0;
  let events = 0;
  const list = h("ol", { class: "entries", "aria-label": "Requests and events" });
  const kinds = h(
    "select",
    { class: "text-field", "aria-label": "Which", on: { change: filter } },
    [
      ["all", "Everything"],
      ["rest", "REST requests"],
      ["gateway", "Gateway events"],
      ["wrong", "What went wrong"],
    ].map(([value, words]) => h("option", { value }, words)),
  );
  const words = h("input", {
    class: "text-field",
    type: "search",
    placeholder: "Filter",
    "aria-label": "Filter",
    on: { input: filter },
  });
  const summary = h("p", { class: "hint", role: "status" });
  const update = coalesced(async () => {
    if (!isShown()) return;
    const [newRequests, newEvents] = await Promise.all([
      get(`/record/requests?after=${requests}`),
      get(`/record/events?after=${events}`),
    ]);
    requests = newRequests.at(-1)?.number ?? requests;
    events = newEvents.at(-1)?.number ?? events;
    const made = [
      ...newRequests.map((/** @type {any} */ entry) => item(true, entry)),
      ...newEvents
        .filter((/** @type {any} */ entry) => !HEARTBEATS.has(entry.op))
        .map((/** @type {any} */ entry) => item(false, entry)),
    ];
    if (!made.length && items.length) return;
    items = [...made, ...items].sort((a, b) => b.entry.at - a.entry.at).slice(0, ROWS_MAX);
    filter();
  });

  function filter() {
    const wanted = words.value.trim().toLowerCase();
    const shown = items.filter(({ rest, entry, row }) => {
      if (kinds.value === "rest" && !rest) return false;
      if (kinds.value === "gateway" && rest) return false;
      if (kinds.value === "wrong" && !wrong(rest, entry)) return false;
      return !wanted || (row.textContent ?? "").toLowerCase().includes(wanted);
    });
    fill(
      list,
      shown.map((one) => one.row),
    );
    const violations = items.filter(({ entry }) => entry.violations?.length).length;
    summary.textContent = session.world.specification
      ? `${violations || "No"} violation${violations === 1 ? "" : "s"} of Discord's specification among the newest ${items.length}.`
      : "Discord's specification is not present: nothing is checked against it here.";
  }

  for (const kind of ["request", "event"])
    listen(kind, () => {
      if (isShown()) void update();
    });
  const element = h("div", { class: "panel-body" }, h("div", { class: "lever-row" }, kinds, words), summary, list);
  return { element, update: () => void update() };
}

/** @param {boolean} rest @param {any} entry */
function wrong(rest, entry) {
  return Boolean(entry.violations?.length) || (rest && (entry.status >= 400 || entry.status === 0));
}

/** @param {boolean} rest @param {any} entry @returns {Item} */
function item(rest, entry) {
  return { rest, entry, row: details(rest, entry, wrong(rest, entry)) };
}
