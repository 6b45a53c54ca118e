// The line that says whether what was typed is saved.

const SPEAK_AGAIN = 60_000; // Milliseconds; a "saved" every few seconds would drown what one types.

/** The line of one form; its words are in the data attributes of the element. */
export class Line {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.state = element.querySelector("[data-saving-state]");
    this.others = element.querySelector("[data-saving-others]");
    this.unseen = element.querySelector("[data-saving-unseen]");
    this.spoken = element.querySelector("[data-saving-spoken]");
    this.savedSpoken = 0;
  }

  saved(time) {
    this.#show(`${this.words.saved} ${time}`, false);
    if (Date.now() - this.savedSpoken > SPEAK_AGAIN) {
      this.savedSpoken = Date.now();
      this.spoken.textContent = this.state.textContent;
    }
  }

  unsaved() {
    this.#show(this.words.unsaved, false);
  }

  working() {
    this.#show(this.words.working, false);
  }

  /** Something stands in the way; ``button`` is a way out of it, if there is one. */
  trouble(text, button) {
    this.#show(text, true);
    if (button) this.state.append(" ", button);
    this.savedSpoken = 0;
    if (this.spoken.textContent !== text) this.spoken.textContent = text;
  }

  presence(text) {
    this.others.textContent = text;
    if (text) this.element.hidden = false;
  }

  /** What others wrote and the page does not show; ``show`` is called when the person wants to see it. */
  tellUnseen(text, show) {
    if (text === (this.unseenText ?? "")) return;
    this.unseenText = text;
    this.unseen.replaceChildren(...(text ? [text, " ", linkButton(this.words.show, show)] : []));
    if (text) this.element.hidden = false;
  }

  #show(text, isTrouble) {
    this.element.hidden = false;
    this.state.textContent = text;
    this.element.classList.toggle("kb-saving--trouble", isTrouble);
  }
}

/** A button that reads as a link. */
export function linkButton(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "kb-link-button";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}
