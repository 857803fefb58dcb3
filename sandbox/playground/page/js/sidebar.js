// Servers, channels, and the persona.

import { byId, fill, h, icon } from "./dom.js";
import { about, avatar, nameOf } from "./people.js";
import { showMenu } from "./popup.js";
import { become, channel, guildOf, onSession, openChannel, session } from "./session.js";

const DIRECT = 1;
const THREADS = new Set([11, 12]);

export function startSidebar() {
  onSession(() => {
    showServers();
    showChannels();
    showPersona();
  });
  byId("shade").addEventListener("click", closeDrawer);
}

export function openDrawer() {
  byId("app").classList.add("drawer");
  byId("shade").hidden = false;
  byId("channels").querySelector("button")?.focus();
}

function closeDrawer() {
  byId("app").classList.remove("drawer");
  byId("shade").hidden = true;
}

function showServers() {
  const here = channel();
  const direct = session.view.channels.filter((/** @type {any} */ one) => one.type === DIRECT);
  const entries = session.view.guilds.map((/** @type {any} */ guild) => {
    const channels = session.view.channels.filter((/** @type {any} */ one) => one.guild_id === guild.id);
    return server(guild.name, initials(guild.name), here?.guild_id === guild.id, channels, guild.id);
  });
  if (direct.length) entries.unshift(server("Direct messages", icon("at"), here?.type === DIRECT, direct, "direct"));
  fill(byId("servers"), entries);
}

/** @param {string} name @param {any} picture @param {boolean} current @param {any[]} channels @param {string} key */
function server(name, picture, current, channels, key) {
  const unread = channels.some((one) => session.unread.has(one.id));
  return h(
    "button",
    {
      class: `server ${unread ? "unread" : ""}`,
      type: "button",
      title: name,
      data: { key },
      "aria-label": unread ? `${name}, unread` : name,
      "aria-current": current ? "true" : null,
      on: {
        click: () => {
          if (channels.length)
            void openChannel((channels.find((one) => /videos|clips/.test(one.name)) ?? channels[0]).id);
        },
      },
    },
    picture,
  );
}

/** @param {string} name */
function initials(name) {
  return name
    .split(/\s+/)
    .map((word) => word[0])
    .join("")
    .slice(0, 2)
    .toUpperCase();
}

function showChannels() {
  const here = channel();
  const shown = session.view.channels.filter(
    (/** @type {any} */ one) => one.guild_id === (here?.guild_id ?? (here ? undefined : session.view.guilds[0]?.id)),
  );
  const top = shown.filter((/** @type {any} */ one) => !THREADS.has(one.type));
  const rows = top.flatMap((/** @type {any} */ one) => [
    row(one),
    ...shown.filter((/** @type {any} */ thread) => thread.parent_id === one.id).map(row),
  ]);
  byId("server-name").textContent =
    here?.type === DIRECT ? "Direct messages" : (guildOf()?.name ?? session.view.guilds[0]?.name ?? "");
  fill(byId("channels"), h("ul", {}, rows));
}

/** @param {any} one */
function row(one) {
  const name = one.type === DIRECT ? session.world.application.name : one.name;
  const unread = session.unread.has(one.id);
  const look = `channel ${THREADS.has(one.type) ? "thread" : ""} ${unread ? "unread" : ""}`;
  return h(
    "li",
    {},
    h(
      "button",
      {
        class: look,
        type: "button",
        "aria-current": one.id === session.channelId ? "page" : null,
        "aria-label": unread ? `${name}, unread` : null,
        on: {
          click: () => {
            closeDrawer();
            void openChannel(one.id);
          },
        },
      },
      icon(one.type === DIRECT ? "at" : THREADS.has(one.type) ? "thread" : "hash"),
      h("span", {}, name),
    ),
  );
}

function showPersona() {
  const who = session.view.user;
  const button = h(
    "button",
    { class: "persona-button", type: "button", "aria-haspopup": "menu", title: "Be someone else" },
    avatar(who),
    h("span", { class: "persona-text" }, h("strong", {}, nameOf(who)), h("span", { class: "hint" }, about(who))),
    icon("down"),
  );
  button.addEventListener("click", () =>
    showMenu(button, [
      {
        title: "Be someone else",
        items: session.world.personas.map((/** @type {any} */ one) => ({
          label: nameOf(one),
          hint: about(one),
          act: () => {
            closeDrawer();
            void become(one.username);
          },
        })),
      },
    ]),
  );
  fill(byId("persona"), button);
}
