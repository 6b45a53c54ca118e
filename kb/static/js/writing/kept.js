// A copy of what was typed, in this browser, for as long as it is not saved in the library.

/** The copy that belongs to one member, practice and page of the form. */
export class Kept {
  constructor(member, practice, sheet) {
    this.member = member;
    this.sheet = sheet;
    this.name(practice);
  }

  /** A new practice gets its number when it is first saved. */
  name(practice) {
    this.key = `kb-writing:${this.member}:${practice}:${this.sheet}`;
  }

  /** Keeps the pairs, with what the page needs to go on from them. */
  put(pairs, machinery) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), pairs, ...machinery }));
      return true;
    } catch {
      return false; // No room, or storage is switched off: the page itself still has the text.
    }
  }

  get() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept then.
    }
  }
}

/** What this browser still has from an earlier visit is offered, never put in unasked. */
export function offer(form, copy, choices) {
  const template = form.querySelector("[data-kept-template]");
  const box = template.content.firstElementChild.cloneNode(true);
  const when = new Date(copy.at);
  box.querySelector("[data-kept-time]").textContent = when.toLocaleString(document.documentElement.lang);
  for (const button of box.querySelectorAll("[data-kept]")) {
    button.addEventListener("click", () => {
      choices[button.dataset.kept]();
      box.remove();
    });
  }
  form.prepend(box);
}
