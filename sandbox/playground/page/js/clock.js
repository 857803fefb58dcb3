// The sandbox's time, which a lever can move forward and set back, and what ticks with it.

import { listen } from "./changes.js";

let offset = 0;

/** @param {number} now the sandbox's seconds since the epoch */
export function setClock(now) {
  offset = now - Date.now() / 1000;
  tick();
}

/** Seconds by which the sandbox's time is ahead of real time. */
export function ahead() {
  return offset;
}

/** Seconds since the epoch in the sandbox. */
export function now() {
  return Date.now() / 1000 + offset;
}

const UNITS = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
]);

/** "in 5 seconds". @param {number} moment @param {string} locale */
export function relative(moment, locale) {
  const seconds = Math.round(moment - now());
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

/** Every `<time data-relative>` shows how long ago or ahead it is. */
function tick() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const text = relative(Number(element.getAttribute("data-relative")), element.getAttribute("lang") ?? "en");
    if (element.textContent !== text) element.textContent = text;
  }
}

export function startClock() {
  setInterval(tick, 1000);
  listen("clock", (change) => setClock(change.now));
}
