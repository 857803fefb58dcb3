// The provider's levers: the Video Studio sandbox behind the bot.

import { coalesced } from "../changes.js";
import { h } from "../dom.js";
import { get, post, remove } from "../http.js";
import { action, chooser, group, notes, number, wordsOf } from "./parts.js";

/** @type {Record<string, [string, string, object][]>} key, words, fault */
const FAULTS = {
  "Asking for a video": [
    ["down", "503, nothing was accepted", { kind: "error_before", route: "generate", status: 503 }],
    ["lost", "accepted, but the answer is lost", { kind: "cut_after", route: "generate" }],
    ["cut", "the connection breaks before", { kind: "cut_before", route: "generate" }],
    ["limited", "too many requests, wait 10 s", { kind: "rate_limited", route: "generate", seconds: 10 }],
    ["credits", "the account is empty (402)", { kind: "payment_required", route: "generate" }],
    ["key", "the API key is refused (401)", { kind: "unauthorized", route: "generate" }],
    ["garbage", "accepted, the answer is unreadable", { kind: "garbage", route: "generate" }],
    ["slow", "the answer takes 8 s", { kind: "latency", route: "generate", seconds: 8 }],
  ],
  "The job": [
    ["fails", "fails, credits are given back", { kind: "job_fails", refunded: true }],
    ["kept", "fails, credits are kept", { kind: "job_fails", refunded: false }],
    ["stuck", "never ends", { kind: "job_stuck" }],
    ["empty", "ends without a video", { kind: "job_without_result" }],
  ],
  "The download": [
    ["download", "breaks half way", { kind: "download_cut" }],
    ["type", "is a web page in place of a video", { kind: "download_wrong_type" }],
  ],
  "Other requests": [
    ["status", "the status answers 500", { kind: "error_before", route: "status", status: 500 }],
    ["models", "the catalogue answers 503", { kind: "error_before", route: "models", status: 503 }],
  ],
};

/** @type {[string, string, [number, number]][]} */
const SPEEDS = [
  ["instant", "at once (1 s)", [1, 1]],
  ["quick", "quick (5 s)", [5, 5]],
  ["slow", "slow (1 to 2 minutes)", [60, 120]],
  ["real", "as the real one (30 s to 3 minutes)", [30, 180]],
];

/** @param {any} pending a fault as the Video Studio lists it */
function named(pending) {
  for (const [label, faults] of Object.entries(FAULTS)) {
    const words = wordsOf(faults, pending);
    if (words) return `${label}: ${words}`;
  }
  return `${pending.kind.replaceAll("_", " ")} on ${pending.route}`;
}

export function studioLevers() {
  const missing = h("p", { class: "hint", hidden: true }, "No Video Studio sandbox runs beside this one.");
  const state = h("p", { class: "hint" });
  const credits = number("Credits left at the provider", (value) =>
    post("/studio/credits", { credits: value }).then(show),
  );
  const posts = number("Generate requests an hour", (value) =>
    post("/studio/settings", { posts_per_hour: value }).then(show),
  );
  const speed = chooser(
    "New jobs take",
    [["", "as they do now"], ...SPEEDS.map(([key, words]) => /** @type {[string, string]} */ ([key, words]))],
    async (key) => {
      const found = SPEEDS.find(([one]) => one === key);
      if (found) show(await post("/studio/speed", { job_seconds: found[2] }));
    },
  );
  const times = h(
    "select",
    { class: "text-field", "aria-label": "How often" },
    [
      ["1", "once"],
      ["3", "3 times"],
      ["", "until cleared"],
    ].map(([value, words]) => h("option", { value }, words)),
  );
  const faults = h(
    "select",
    { class: "text-field", "aria-label": "Fault" },
    Object.entries(FAULTS).map(([label, some]) =>
      h(
        "optgroup",
        { label },
        some.map(([value, words]) => h("option", { value }, words)),
      ),
    ),
  );
  const active = notes();
  const add = action(
    "Add",
    async () => {
      const found = Object.values(FAULTS)
        .flat()
        .find(([key]) => key === faults.value);
      await post("/studio/faults", { ...found?.[2], times: times.value ? Number(times.value) : null });
      await update();
    },
    "primary",
  );
  const controls = h(
    "div",
    {},
    state,
    credits.element,
    posts.element,
    speed.element,
    action("Finish running jobs now", () => post("/studio/speed", { advance_seconds: 600 }).then(show)),
    h(
      "div",
      { class: "lever-field stack" },
      h("span", {}, "Break the next request"),
      faults,
      h("div", { class: "lever-row" }, times, add),
    ),
    active.element,
    action("Clear the provider's faults", () => remove("/studio/faults").then(update)),
  );

  /** @param {any} found */
  function show(found) {
    const account = found.accounts[0];
    credits.show(account.credits);
    posts.show(found.settings.posts_per_hour ?? 0);
    const [low, high] = found.job_seconds;
    state.textContent = `${found.totals.jobs} ${found.totals.jobs === 1 ? "job" : "jobs"} so far, ${found.totals.credits_net} credits charged. Jobs take ${low === high ? low : `${low} to ${high}`} s.`;
    active.show(
      found.faults.map(
        (/** @type {any} */ one) =>
          `${named(one)} · ${one.times === null ? "until cleared" : `${one.times - one.struck} more`}`,
      ),
    );
  }

  const update = coalesced(async () => {
    const found = await get("/studio/").catch(() => null);
    missing.hidden = found !== null;
    controls.hidden = found === null;
    if (found) show(found);
  });
  return { element: group("Video Studio (the provider)", missing, controls), update };
}
