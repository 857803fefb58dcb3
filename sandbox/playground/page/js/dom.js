// Elements without markup: what a bot or a person wrote only ever becomes text nodes and attributes.

/**
 * Build an element.
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `class`; `on` with listeners; `data` for the dataset; `style` with
 *   CSS properties; an attribute that is false, null or undefined is left out
 * @param {...any} children nodes, texts, and lists of them; null, undefined and false are left out
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "style") {
      for (const [property, setting] of Object.entries(value)) element.style.setProperty(property, setting);
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...nodes(children));
  return element;
}

/** @param {any} children @returns {(Node | string)[]} */
function nodes(children) {
  return [children].flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
}

/**
 * What a bot or a person wrote as an address, if it is one of the web. Others, such as `javascript:`, lead nowhere.
 * @param {any} text @returns {URL | null}
 */
export function webAddress(text) {
  try {
    const url = new URL(text, location.href);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/**
 * A link that opens beside the page; just its content where the address is none of the web.
 * @param {any} address @param {Record<string, any>} props @param {...any} children @returns {any}
 */
export function link(address, props, ...children) {
  if (!webAddress(address)) return h("span", props, children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...props }, children);
}

/** @param {string} id @returns {any} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** Put other children in place of those that are there. @param {Element} element @param {...any} children */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  menu: "M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z",
  hash: "M9 4 8.5 8H4v2h4.2l-.5 4H3v2h4.500L7 20h2l.5-4h4l-.5 4h2l.5-4H20v-2h-4.200l.5-4H21V8h-4.500L17 4h-2l-.5 4h-4L11 4zm1.2 6h4l-.5 4h-4z",
  thread: "M5 4v9a4 4 0 0 0 4 4h7.200l-2.6 2.600L15 21l5-5-5-5-1.4 1.400L16.2 15H9a2 2 0 0 1-2-2V4z",
  at: "M12 3a9 9 0 1 0 5 16.500l-1.1-1.700A7 7 0 1 1 19 12v1.200a1.6 1.6 0 0 1-3.2 0V8h-2v.6A4.5 4.5 0 1 0 14.4 15 3.6 3.6 0 0 0 21 13.200V12a9 9 0 0 0-9-9m0 6.500a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5",
  plus: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  send: "M4 4l17 8-17 8 3-7 7-1-7-1z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.400z",
  more: "M5 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4m7 0a2 2 0 1 1 0 4 2 2 0 0 1 0-4m7 0a2 2 0 1 1 0 4 2 2 0 0 1 0-4",
  eye: "M12 6c5 0 8.5 4 9.5 6-1 2-4.5 6-9.5 6s-8.5-4-9.5-6C3.5 10 7 6 12 6m0 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8m0 2a2 2 0 1 1 0 4 2 2 0 0 1 0-4",
  sliders: "M4 6h9v2H4zm13 0h3v2h-3v2h-2V4h2zM4 16h3v2H4zm7 0h9v2h-9v2H9v-6h2zM4 11h12v2H4zm14-1h2v4h-2z",
  list: "M4 5h4v4H4zm6 1h10v2H10zM4 10.500h4v4H4zm6 1h10v2H10zM4 16h4v4H4zm6 1h10v2H10z",
  theme: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m0 2v14a7 7 0 0 1 0-14",
  file: "M6 3h8l5 5v13H6zm7 1.500V9h4.500z",
  down: "M6 9l6 6 6-6 1.4 1.400L12 17.800l-7.4-7.400z",
  reply: "M20 18v-2a6 6 0 0 0-6-6H8.400l3.1-3.100L10 5.5 4.5 11l5.5 5.5 1.5-1.400L8.4 12H14a4 4 0 0 1 4 4v2z",
  forward: "M4 18v-2a6 6 0 0 1 6-6h5.600l-3.1-3.100L14 5.500l5.500 5.500-5.500 5.500-1.500-1.400L15.600 12H10a4 4 0 0 0-4 4v2z",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14M9 9a1.200 1.200 0 1 0 0 2.400A1.200 1.200 0 0 0 9 9m6 0a1.200 1.200 0 1 0 0 2.400A1.200 1.200 0 0 0 15 9m-7.200 4.500a4.500 4.500 0 0 0 8.400 0z",
  image: "M4 5h16v14H4zm2 2v8l4-4 3 3 2-2 3 3V7z",
};

/** A small picture that says nothing to a screen reader. @param {keyof typeof PATHS} name @returns {SVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
