// Suggests, while a person types a search, what it may become: a combobox with a list (ARIA 1.2).

const PAUSE = 150; // Milliseconds of quiet before the library is asked.
const QUIET = 700; // Milliseconds of quiet before the number of suggestions is read out.
const PATIENCE = 3000; // Milliseconds that the library may take to answer.
const SHORTEST = 2; // Letters.
const LONGEST = 100; // Letters; whoever types more knows what to search for.
const MOST_REMEMBERED = 50; // Answers.

/** One box with its list; its element has data-suggest (an address), data-groups and the sentences. */
class Suggestions {
  constructor(field) {
    this.field = field;
    this.input = field.querySelector("input");
    this.answers = new Map();
    this.active = -1;
    this.options = [];
  }

  start() {
    const { input } = this;
    this.list = this.#element("div", { id: `${input.id}-suggestions`, role: "listbox", class: "kb-suggest" });
    this.list.setAttribute("aria-label", this.field.dataset.label);
    this.list.hidden = true;
    this.status = this.#element("div", { role: "status", class: "govuk-visually-hidden" });
    this.field.append(this.list, this.status);
    // A combobox has to be a plain text box, which has no ideas of its own about Escape.
    input.type = "text";
    input.inputMode = "search";
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    input.setAttribute("aria-controls", this.list.id);
    input.addEventListener("input", () => this.#plan());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    input.form.addEventListener("submit", () => this.#close());
    // The focus stays in the box, whatever is pressed in the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(this.options.indexOf(option));
    });
    addEventListener("pagehide", () => this.#close());
  }

  #plan() {
    this.#forgetRequest();
    this.#activate(-1);
    const typed = this.input.value.trim();
    if (typed.length < SHORTEST || typed.length > LONGEST) return this.#close();
    this.timer = setTimeout(() => this.#ask(typed), this.answers.has(typed) ? 0 : PAUSE);
  }

  async #ask(typed) {
    let found = this.answers.get(typed);
    if (!found) {
      const request = (this.request = new AbortController());
      const timer = setTimeout(() => request.abort(), PATIENCE);
      try {
        found = await this.#fetch(typed, request.signal);
      } catch {
        // Nothing that a person could do about it, and the search itself works all the same.
        if (this.request === request) this.#close();
        return;
      } finally {
        clearTimeout(timer);
      }
      this.#remember(typed, found);
    }
    const isStillTyped = this.input.value.trim() === typed && document.activeElement === this.input;
    if (isStillTyped) this.#show(found);
  }

  async #fetch(typed, signal) {
    const asked = new URLSearchParams({ q: typed, lang: document.documentElement.lang });
    const answer = await fetch(`${this.field.dataset.suggest}?${asked}`, { signal });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).suggestions;
  }

  #remember(typed, found) {
    this.answers.set(typed, found);
    if (this.answers.size > MOST_REMEMBERED) this.answers.delete(this.answers.keys().next().value);
  }

  #show(found) {
    const groups = Object.entries(JSON.parse(this.field.dataset.groups));
    this.list.replaceChildren();
    this.found = groups.flatMap(([kind]) => found.filter((each) => each.kind === kind));
    this.options = this.found.map((each, number) => this.#option(each, number));
    for (const [kind, label] of groups) {
      const members = this.options.filter((_, number) => this.found[number].kind === kind);
      if (members.length) this.list.append(this.#group(kind, label, members));
    }
    this.active = -1;
    this.#open(this.options.length > 0);
    this.#say(this.options.length);
  }

  #group(kind, label, members) {
    const heading = this.#element("div", { id: `${this.list.id}-${kind}`, class: "kb-suggest__group" });
    heading.setAttribute("role", "presentation");
    heading.textContent = label;
    const group = this.#element("div", { role: "group", "aria-labelledby": heading.id });
    group.append(heading, ...members);
    return group;
  }

  #option(each, number) {
    const option = this.#element("div", {
      id: `${this.list.id}-${number}`,
      role: "option",
      class: "kb-suggest__option",
      "aria-selected": "false",
      lang: each.language,
    });
    option.textContent = each.text;
    return option;
  }

  #element(tag, attributes) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  #say(count) {
    const { some, none } = this.field.dataset;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      this.status.textContent = count ? some.replace("{count}", count) : none;
    }, QUIET);
  }

  #open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  #forgetRequest() {
    clearTimeout(this.timer);
    const request = this.request;
    this.request = null;
    request?.abort();
  }

  #close() {
    this.#forgetRequest();
    clearTimeout(this.saying);
    this.status.textContent = "";
    this.#activate(-1);
    this.#open(false);
  }

  #key(event) {
    const keys = {
      ArrowDown: () => this.#move(1),
      ArrowUp: () => this.#move(-1),
      Enter: () => this.#enter(),
      Escape: () => this.#escape(),
    };
    // Home and End move within the text, as everywhere: they leave the list.
    if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) this.#activate(-1);
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (keys[event.key]?.()) event.preventDefault();
  }

  /** To the next option, or back to the text after the last one. */
  #move(step) {
    if (!this.options.length || !this.input.value.trim()) return false;
    if (this.list.hidden) this.#open(true);
    const places = this.options.length + 1;
    this.#activate(((this.active + 1 + step + places) % places) - 1);
    return true;
  }

  #activate(number) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = number;
    const option = this.options[number];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  #enter() {
    if (this.list.hidden || this.active < 0) return false;
    this.#choose(this.active);
    return true;
  }

  #escape() {
    if (this.list.hidden) this.input.value = "";
    this.#close();
    return true;
  }

  /** A word is searched for, with the filters that are set; all else has a page of its own. */
  #choose(number) {
    const { kind, text, url } = this.found[number];
    this.#close();
    if (kind === "term") {
      this.input.value = text;
      this.input.form.requestSubmit();
    } else {
      const { pathname, search } = new URL(url);
      location.assign(pathname + search);
    }
  }
}

/** Lets the box within an element with data-suggest suggest. */
export function suggestWhileTyping(field) {
  new Suggestions(field).start();
}
