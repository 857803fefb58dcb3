// Files of a message: videos play, pictures show, the rest can be downloaded. Room is kept before anything is loaded.

import { h, icon, link, webAddress } from "../dom.js";

const BOX_WIDTH = 480;
const BOX_HEIGHT = 340;

/** @param {any[]} files */
export function attachments(files) {
  return files.map((file) => h("div", { class: "attachment" }, media(file, file.filename) ?? fileCard(file)));
}

/**
 * A picture or video, in a box that has its shape from the start.
 * @param {any} file an attachment or unfurled media @param {string} name
 * @returns {HTMLElement | null} null: it is neither, or its address is none of the web
 */
export function media(file, name) {
  const kind = kindOf(file, name);
  if (!kind || !webAddress(file.url)) return null;
  const width = file.width ?? 16;
  const height = file.height ?? 9;
  const scale = Math.min(BOX_WIDTH / width, BOX_HEIGHT / height);
  const style = { "--ratio": `${width} / ${height}`, "--width": `${Math.round(width * scale)}px` };
  const label = file.description || name;
  if (kind === "video") {
    // Files come from this machine: all of it may be loaded, so that the first picture shows at once.
    return h("video", {
      class: "media",
      src: file.url,
      controls: true,
      playsinline: true,
      preload: "auto",
      "aria-label": label,
      style,
    });
  }
  if (kind === "audio") return h("audio", { src: file.url, controls: true, "aria-label": label });
  return link(
    file.url,
    { class: "media", style },
    h("img", { src: file.url, alt: file.description || name, loading: "lazy" }),
  );
}

/** @param {any} file @param {string} name @returns {string | null} */
function kindOf(file, name) {
  const type = (file.content_type ?? "").split("/")[0];
  if (["video", "image", "audio"].includes(type)) return type;
  if (/\.(mp4|webm|mov)(\?|$)/i.test(name)) return "video";
  return /\.(png|jpe?g|gif|webp)(\?|$)/i.test(name) ? "image" : null;
}

/** @param {any} file */
export function fileCard(file) {
  if (!webAddress(file.url)) return h("span", {}, file.filename);
  return h(
    "div",
    { class: "file-card" },
    icon("file"),
    h("a", { href: file.url, download: file.filename, rel: "noopener noreferrer" }, file.filename),
    file.size !== undefined && h("span", { class: "hint" }, bytes(file.size)),
  );
}

/** @param {number} size */
export function bytes(size) {
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${(size / 1e3).toFixed(0)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}
