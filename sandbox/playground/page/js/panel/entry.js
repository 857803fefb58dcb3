// One line of the inspector, which opens to show everything.

import { h } from "../dom.js";

const OPS = /** @type {Record<number, string>} */ ({
  0: "DISPATCH",
  2: "IDENTIFY",
  3: "PRESENCE",
  4: "VOICE",
  6: "RESUME",
  7: "RECONNECT",
  8: "MEMBERS",
  9: "INVALID SESSION",
  10: "HELLO",
});

/** @param {boolean} rest @param {any} entry @param {boolean} wrong */
export function details(rest, entry, wrong) {
  const box = h("details", { class: `entry ${wrong ? "wrong" : ""}` }, rest ? requestLine(entry) : eventLine(entry));
  // The content is large: it is built when it is wanted.
  box.addEventListener("toggle", () => {
    if (box.open && box.children.length === 1) box.append(...(rest ? requestBody(entry) : eventBody(entry)));
  });
  return h("li", {}, box);
}

/** @param {any} entry */
function requestLine(entry) {
  return h(
    "summary",
    {},
    h("span", { class: `verb ${entry.method.toLowerCase()}` }, entry.method),
    h("span", { class: "path", title: entry.path }, shortened(entry.path)),
    h("span", { class: "result" }, entry.status || "cut", entry.code ? ` / ${entry.code}` : ""),
    verdict(entry),
  );
}

/** @param {any} entry */
function eventLine(entry) {
  const out = entry.direction === "to bot";
  return h(
    "summary",
    {},
    h("span", { class: `verb ${out ? "to" : "from"}` }, out ? "→ bot" : "← bot"),
    h("span", { class: "path" }, entry.name ?? OPS[entry.op] ?? `op ${entry.op}`),
    h("span", { class: "result" }, `shard ${entry.shard}`),
    verdict(entry),
  );
}

/** What the check against Discord's specification found. @param {any} entry */
function verdict(entry) {
  if (entry.violations === null) return h("span", { class: "verdict", title: "Not checked" }, "–");
  if (!entry.violations.length) return h("span", { class: "verdict good", title: "As Discord specifies" }, "✓");
  return h("span", { class: "verdict bad", title: "Against Discord's specification" }, `✗ ${entry.violations.length}`);
}

/** Long ids and tokens say little in a list. @param {string} path */
function shortened(path) {
  return path.replace(/[\w-]{40,}/g, "…").replace(/\d{17,}/g, (id) => `…${id.slice(-4)}`);
}

/** @param {any} entry */
function requestBody(entry) {
  return [
    problems(entry.violations),
    h(
      "p",
      { class: "hint" },
      `${moment(entry.at)}, ${(entry.duration_seconds * 1000).toFixed(0)} ms, ${entry.path.replace(/[\w-]{40,}/g, "…")}`,
    ),
    entry.files.length ? h("p", { class: "hint" }, `Files: ${entry.files.join(", ")}`) : "",
    json("Sent", entry.body),
    json("Answer", entry.response),
  ];
}

/** @param {any} entry */
function eventBody(entry) {
  return [problems(entry.violations), h("p", { class: "hint" }, moment(entry.at)), json("Data", entry.data)];
}

/** @param {string[] | null} found */
function problems(found) {
  return h(
    "ul",
    { class: "failure" },
    (found ?? []).map((one) => h("li", {}, one)),
  );
}

/** @param {string} title @param {any} value */
function json(title, value) {
  if (value === null || value === undefined) return "";
  return h("div", {}, h("h4", {}, title), h("pre", { tabindex: "0" }, JSON.stringify(value, null, 2)));
}

/** @param {number} at */
function moment(at) {
  return new Date(at * 1000).toISOString().slice(11, 23);
}
