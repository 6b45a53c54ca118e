// A copy of what was typed, in this browser, for as long as it is not saved in the library.

/** The copy of one open page; each has its own, so that two tabs never overwrite each other's. */
export class Kept {
  constructor(member, practice, sheet, page) {
    this.place = (of) => `kb-writing:${member}:${of}:${sheet}:`;
    this.practice = practice;
    this.page = page;
  }

  get key() {
    return this.place(this.practice) + this.page;
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

  /** The copies that pages of the same form left behind, newest first. */
  left() {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.place(this.practice)) && key !== this.key)
        .flatMap(copyOf)
        .sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }

  /** Forgets this page's copy, or that of another. */
  forget(page = this.page) {
    try {
      localStorage.removeItem(this.place(this.practice) + page);
    } catch {
      // Nothing was kept then.
    }
  }
}

/** The copy under that key, in a list of its own; an empty one where it cannot be read. */
function copyOf(key) {
  try {
    const copy = JSON.parse(localStorage.getItem(key));
    return Array.isArray(copy?.pairs) ? [copy] : [];
  } catch {
    return [];
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
  const [...before] = form.querySelectorAll("[data-kept-offer]");
  box.dataset.keptOffer = "";
  if (before.length) before.at(-1).after(box);
  else form.prepend(box);
}
