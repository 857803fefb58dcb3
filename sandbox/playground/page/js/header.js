// The line over the messages: the channel, whether the bot is online, and the page's own buttons.

import { byId, fill, h, icon } from "./dom.js";
import { togglePanel } from "./panel/panel.js";
import { channel, onSession, session } from "./session.js";
import { openDrawer } from "./sidebar.js";

const bar = byId("channel-bar");
const name = h("h1", { class: "channel-name" });
const status = h("span", { class: "status", role: "status" });

export function startHeader() {
  fill(
    bar,
    tool("menu", "Servers and channels", openDrawer, "only-phone"),
    name,
    h("span", { class: "grow" }),
    status,
    tool("theme", "Dark or light", toggleTheme),
    tool("list", "Requests and events", () => togglePanel("inspector")),
    tool("sliders", "Levers", () => togglePanel("levers")),
  );
  onSession(() => {
    const where = channel();
    const title = where ? (where.type === 1 ? "Direct messages" : where.name) : "No channel";
    fill(name, icon(where?.type === 1 ? "at" : "hash"), h("span", {}, title));
    document.title = `${where?.type === 1 ? "@" : "#"}${title} · ${session.world.application?.name ?? "Playground"} playground`;
    const online = session.world.connected_shards.length > 0;
    status.className = `status ${online ? "online" : "offline"}`;
    status.textContent = online ? "Bot online" : "Bot offline";
  });
}

/** @param {any} picture @param {string} label @param {() => void} act @param {string} [look] */
function tool(picture, label, act, look = "") {
  return h(
    "button",
    { class: `icon-button ${look}`, type: "button", "aria-label": label, title: label, on: { click: act } },
    icon(picture),
  );
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}
