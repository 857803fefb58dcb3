// A box that floats beside something: lists of choices, menus. One at a time.

import { h } from "./dom.js";

/** @type {{box: HTMLElement, close: () => void} | null} */
let open = null;

/**
 * @param {Element} anchor what it stands beside
 * @param {HTMLElement} box
 * @param {{x?: number, y?: number, above?: boolean, closed?: () => void, keep?: Element[]}} [options]
 *   a place in the window instead of the anchor's; `keep`: clicks in these do not close it
 * @returns {() => void} closes it
 */
export function showPopup(anchor, box, options = {}) {
  closePopup();
  // Inside of a dialog, since what is outside of one cannot be reached while it is open.
  const host = anchor.closest("dialog") ?? document.body;
  box.classList.add("popup");
  host.append(box);
  place(anchor, box, options);
  const outside = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (![box, anchor, ...(options.keep ?? [])].some((one) => one.contains(target))) closePopup();
  };
  const again = () => place(anchor, box, options);
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", again);
  const close = () => {
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", again);
    box.remove();
    open = null;
    options.closed?.();
  };
  open = { box, close };
  return () => {
    if (open?.box === box) close();
  };
}

function closePopup() {
  open?.close();
}

/** Place the open popup anew after its content changed. @param {Element} anchor @param {HTMLElement} box @param {any} options */
export function place(anchor, box, options) {
  const margin = 8;
  const at = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = options.x ?? at.left;
  box.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`;
  const below = options.y ?? at.bottom + 4;
  const above = (options.y ?? at.top) - height - 4;
  const upwards = options.above || below + height > innerHeight - margin;
  box.style.top = `${Math.max(margin, upwards && above > margin ? above : Math.min(below, innerHeight - height - margin))}px`;
}

/** @typedef {{label: string, hint?: string, danger?: boolean, act: () => void}} MenuItem */

/**
 * A menu that is driven by arrow keys.
 * @param {Element} anchor @param {{title?: string, items: MenuItem[]}[]} groups @param {{x?: number, y?: number}} [at]
 */
export function showMenu(anchor, groups, at = {}) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const buttons = /** @type {HTMLElement[]} */ ([]);
  const box = h(
    "div",
    { class: "menu", role: "menu" },
    groups
      .filter((group) => group.items.length)
      .map((group) => [
        group.title && h("div", { class: "menu-title" }, group.title),
        group.items.map((item) => {
          const button = h(
            "button",
            {
              class: `menu-item ${item.danger ? "danger" : ""}`,
              type: "button",
              role: "menuitem",
              tabindex: "-1",
              on: {
                click: () => {
                  closePopup();
                  before?.focus();
                  item.act();
                },
              },
            },
            h("span", {}, item.label),
            item.hint && h("span", { class: "hint" }, item.hint),
          );
          buttons.push(button);
          return button;
        }),
      ]),
  );
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const here = buttons.indexOf(/** @type {any} */ (document.activeElement));
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to !== undefined) buttons.at(to % buttons.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      closePopup();
      before?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  showPopup(anchor, box, at);
  buttons[0]?.focus();
}
