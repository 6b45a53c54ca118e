// Names, while a title is typed, practices that may be the same: a hint, which keeps nobody from anything.

const PAUSE = 700; // Milliseconds of quiet before the library is asked.
const PATIENCE = 5000; // Milliseconds that it may take to answer.
const LONGEST = 150; // Letters; the library looks at no more.

/** The hint of one title, in its element with data-similar. */
class Similar {
  constructor(box, control) {
    this.box = box;
    this.control = control;
    this.asked = "";
  }

  plan() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE);
  }

  /** Another title is typed, which has a hint of its own. */
  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
    this.asked = "";
    this.#show([]);
  }

  async #ask() {
    const title = this.control.value.trim().slice(0, LONGEST);
    if (title === this.asked) return;
    this.asked = title;
    this.request?.abort();
    const request = (this.request = new AbortController());
    const timer = setTimeout(() => request.abort(), PATIENCE);
    try {
      const practices = await this.#fetch(title, request.signal);
      if (this.request === request) this.#show(practices);
    } catch {
      // Without an answer there is no hint; the next letter asks again.
      if (this.request === request) this.asked = "";
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetch(title, signal) {
    const { similar, but } = this.box.dataset;
    const asked = new URLSearchParams({ title, lang: document.documentElement.lang, but });
    const answer = await fetch(`${similar}?${asked}`, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return (await answer.json()).practices;
  }

  /** Only what changed is put in: a live region speaks of whatever is. */
  #show(practices) {
    const shown = practices.map((each) => each.url).join(" ");
    if (shown === (this.shown ?? "")) return;
    this.shown = shown;
    this.box.replaceChildren();
    if (!practices.length) return;
    const { heading, hint } = this.box.dataset;
    const list = element("ul", "govuk-list govuk-list--bullet");
    list.append(...practices.map((each) => this.#item(each)));
    this.box.append(element("p", "kb-similar__heading", heading), list, element("p", "kb-similar__hint", hint));
  }

  #item(practice) {
    const item = document.createElement("li");
    const link = element("a", "govuk-link", practice.title);
    link.href = new URL(practice.url, location.href).pathname;
    link.target = "_blank";
    link.rel = "noopener";
    link.lang = practice.language;
    const { newTab, unpublished } = this.box.dataset;
    const told = element("span", "govuk-visually-hidden", ` (${newTab})`);
    told.lang = document.documentElement.lang;
    link.append(told);
    item.append(link, `, ${practice.place}`, practice.is_public ? "" : ` (${unpublished})`);
    return item;
  }
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Lets the titles of a form ask for practices like them. */
export function hintSimilar(form) {
  const boxes = [...form.querySelectorAll("[data-similar]")];
  const hints = new Map(boxes.map((box) => [box.dataset.title, new Similar(box, form.elements[box.dataset.title])]));
  form.addEventListener("kb-saved", (event) => {
    for (const box of boxes) box.dataset.but = event.detail.practice ?? box.dataset.but;
  });
  form.addEventListener("input", (event) => {
    const typed = hints.get(event.target.name);
    if (!typed) return;
    typed.plan();
    for (const other of hints.values()) if (other !== typed) other.forget();
  });
}
