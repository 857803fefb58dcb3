// The sandbox's control routes, and the way to those of the Video Studio.

/** Paths of the Video Studio's sandbox, which is on another port: the page's server passes them on. */
const STUDIO = "/studio/";

/** The sandbox said no; the message is for the person at the page. */
export class Refusal extends Error {
  /** @param {string} message @param {boolean} [answered] false: there was no answer at all */
  constructor(message, answered = true) {
    super(message);
    this.answered = answered;
  }
}

/** @param {string} path below /sandbox @returns {Promise<any>} */
export function get(path) {
  return request(path, {});
}

/**
 * @param {string} path below /sandbox
 * @param {object} body
 * @param {[string, File][]} [files] with the names of the options that they are for
 * @returns {Promise<any>}
 */
export function post(path, body, files = []) {
  if (!files.length) {
    return request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }
  const form = new FormData();
  form.append("payload_json", JSON.stringify(body));
  for (const [name, file] of files) form.append(name, file, file.name);
  return request(path, { method: "POST", body: form });
}

/** @param {string} path @returns {Promise<any>} */
export function remove(path) {
  return request(path, { method: "DELETE" });
}

/** @param {string} path @param {RequestInit} options */
async function request(path, options) {
  let response;
  try {
    response = await fetch(path.startsWith(STUDIO) ? `/playground${path}` : `/sandbox${path}`, options);
  } catch {
    throw new Refusal("The sandbox does not answer. Is it still running?", false);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(body?.error?.message ?? body?.error ?? `The sandbox answered ${response.status}`);
  return body;
}
