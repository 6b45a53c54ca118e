// A form's fields as plain pairs of name and text: taken out, compared and put back.
import { ensureRow } from "./rows.js";

// What is not a person's words: tokens, versions, marks.
const MACHINERY = new Set(["csrf_token", "version", "opened", "page", "writer", "submission_key"]);

/** What a person typed and ticked, as [name, text] pairs in the order of the page. */
export function typed(form) {
  return [...new FormData(form)].filter(([name]) => !MACHINERY.has(name));
}

/** What the library put into the page, whatever the browser has put back into it since. */
export function asSent(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return typed(copy);
}

/** The same as one text, to tell two states apart. Empty fields count as absent ones. */
export function snapshot(pairs) {
  return JSON.stringify(pairs.filter(([, text]) => text.replaceAll("\r\n", "\n").trim() !== ""));
}

/** Puts pairs back into the form; whatever they do not mention becomes empty. */
export function fill(form, pairs) {
  for (const [name] of pairs) ensureRow(form, name);
  const texts = new Map();
  for (const [name, text] of pairs) texts.set(name, [...(texts.get(name) ?? []), text]);
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden" || control.type === "submit") continue;
    const given = texts.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
    else control.value = given[0] ?? "";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
