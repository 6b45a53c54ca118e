// Saves the page of a form by itself, and keeps every word while that is not possible.
import { asSent, fill, snapshot, typed } from "./fields.js";
import { forgetConflict, openConflicts, showConflict } from "./conflicts.js";
import { Kept, offer } from "./kept.js";
import { Line, linkButton } from "./line.js";
import { SignIn, sessionState } from "./session.js";

const PAUSE = 2000; // Milliseconds from a change to its being saved.
const PATIENCE = 20_000; // Milliseconds that the library may take to answer.
const AGAIN = [3000, 6000, 12_000, 30_000]; // Milliseconds from one failure to the next try.

/** One form that saves itself. */
export class Autosave {
  constructor(form) {
    this.form = form;
    this.line = new Line(form.querySelector("[data-saving]"));
    const { practice, writing } = form.dataset;
    this.kept = new Kept(form.elements.writer.value, practice, writing, form.elements.page.value);
    this.signIn = new SignIn(document.querySelector("[data-sign-in]"), form.dataset.session);
    this.failures = 0;
    this.isStopped = false;
    this.isLeaving = false;
  }

  start() {
    // A page that came back with errors holds text that is not saved.
    this.saved = "refused" in this.form.dataset ? "" : snapshot(asSent(this.form));
    this.#offerKept();
    this.form.addEventListener("input", () => this.#changed());
    this.form.addEventListener("change", () => this.#changed());
    this.form.addEventListener("focusout", () => this.#isUnsaved() && this.#plan(0));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    addEventListener("online", () => this.#retry());
    addEventListener("focus", () => this.isPaused && this.#lookAgain());
    addEventListener("beforeunload", (event) => {
      if (!this.isLeaving && (this.#isUnsaved() || this.isWhole === false)) event.preventDefault();
    });
    addEventListener("pageshow", (event) => event.persisted && (this.isLeaving = false));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.#isUnsaved()) {
        this.#keep();
        this.#plan(0);
      }
    });
  }

  #now() {
    return snapshot(typed(this.form));
  }

  #isUnsaved() {
    return this.#now() !== this.saved;
  }

  #changed() {
    if (!this.#isUnsaved()) return;
    if (this.isStopped || this.isPaused || this.failures) this.#keep();
    else this.line.unsaved();
    if (!this.failures && !this.isPaused) this.#plan(PAUSE);
  }

  /** Saves after so many milliseconds, or sooner where that was planned before. */
  #plan(wait) {
    if (this.isStopped || this.isPaused || (this.timer && wait >= this.wait)) return;
    clearTimeout(this.timer);
    this.wait = wait;
    this.timer = setTimeout(() => this.save(), wait);
  }

  #retry() {
    if (!this.failures) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.#plan(0);
  }

  /** Saves what is typed now; resolves to whether the library has it. One save at a time. */
  save() {
    clearTimeout(this.timer);
    this.timer = null;
    this.saving = (this.saving ?? Promise.resolve()).then(() => this.#send());
    return this.saving;
  }

  async #send() {
    if (this.isStopped) return false;
    const pairs = typed(this.form);
    const sent = snapshot(pairs);
    if (sent === this.saved) return true;
    this.line.working();
    let answer;
    try {
      answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(new FormData(this.form)),
        headers: { Accept: "application/json", "X-CSRFToken": this.form.elements.csrf_token.value },
        signal: AbortSignal.timeout(PATIENCE),
      });
      return await this.#understand(answer, pairs, sent);
    } catch {
      return this.#failed();
    }
  }

  async #understand(answer, pairs, sent) {
    if (answer.status === 401) return this.#askToSignIn();
    if (answer.status === 404) return this.#stop(this.line.words.gone);
    if (answer.status !== 200 && answer.status !== 409 && answer.status !== 400) return this.#failed();
    const told = await answer.json();
    if (told.error === "token") return this.hasRenewed ? this.#failed() : this.#renewToken();
    this.failures = 0;
    this.hasRenewed = false;
    if (told.message) return answer.status === 409 ? this.#stop(told.message) : this.#refused(told.message);
    return this.#took(told, pairs, sent);
  }

  /** The library has it, but for what has a problem or was changed by others. */
  #took(told, pairs, sent) {
    if (told.address) this.#moveTo(told);
    this.saved = sent;
    this.#takeNewer(told, pairs);
    this.form.elements.opened.value = JSON.stringify(told.opened);
    this.form.elements.version.value = told.version;
    for (const name of openConflicts(this.form)) forgetConflict(this.form, name);
    for (const conflict of told.conflicts) {
      showConflict(this.form, conflict, (kept) => this.#decide(conflict, kept));
    }
    this.line.presence(told.others);
    this.line.tellUnseen(told.unseen, () => this.#openAnew());
    this.form.dispatchEvent(new CustomEvent("kb-saved", { detail: told }));
    const problems = Object.values(told.problems);
    this.hasProblems = problems.length > 0;
    this.isWhole = !this.hasProblems && !told.conflicts.length;
    if (told.conflicts.length) this.line.trouble(this.line.words.clash);
    else if (this.hasProblems) {
      this.line.trouble(`${this.line.words.partly} ${problems.map((each) => `${each.label} – ${each.message}`).join(" ")}`);
    } else this.line.saved(told.time);
    if (this.isWhole) this.kept.forget();
    else this.#keep();
    if (this.#isUnsaved()) this.#plan(PAUSE);
    return this.isWhole;
  }

  /** A new practice has an address of its own from its first save on. */
  #moveTo(told) {
    this.kept.forget();
    history.replaceState(null, "", told.address);
    this.form.action = told.address;
    this.form.dataset.autosave = told.autosave;
    this.kept.practice = told.practice;
  }

  /** Texts that only others changed are shown as they left them, where nobody typed since. */
  #takeNewer(told, pairs) {
    const before = new Map(pairs);
    const opened = JSON.parse(this.form.elements.opened.value || "{}");
    const same = this.#now() === this.saved;
    const shown = [];
    for (const [name, text] of Object.entries(told.newer)) {
      const control = this.form.elements[name];
      if (control.value === before.get(name)) {
        control.value = text;
        shown.push(control);
      } else told.opened[name] = opened[name];
    }
    if (same) this.saved = this.#now();
    // Word counts and the like follow.
    for (const control of shown) control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #decide(conflict, kept) {
    if (kept === "saved" && !conflict.is_text) return void this.#openAnew();
    const opened = JSON.parse(this.form.elements.opened.value);
    opened[conflict.name] = conflict.mark;
    this.form.elements.opened.value = JSON.stringify(opened);
    this.saved = "";
    this.save();
  }

  /** Opens the page as the library has it, once that has all that was typed here since. */
  async #openAnew() {
    await this.save();
    if (this.#isUnsaved()) return; // The line says why.
    // What could not be taken is still in this browser; a conflict was just decided.
    if (!this.hasProblems) this.kept.forget();
    this.isLeaving = true;
    location.assign(location.pathname + location.search); // Reloaded, a browser may fill the form as it was.
  }

  #failed() {
    const wait = AGAIN[Math.min(this.failures, AGAIN.length - 1)];
    this.failures += 1;
    const { failed, offline, unkept } = this.line.words;
    this.line.trouble(!this.#keep() ? unkept : navigator.onLine ? failed : offline);
    this.timer = null;
    this.#plan(wait);
    return false;
  }

  #refused(message) {
    this.isWhole = false;
    this.line.trouble(this.#keep() ? message : `${message} ${this.line.words.unkept}`);
    return false;
  }

  #stop(message) {
    this.isStopped = true;
    return this.#refused(message);
  }

  async #renewToken() {
    const state = await sessionState(this.form.dataset.session);
    if (!state.member) return this.#askToSignIn();
    this.hasRenewed = true;
    this.form.elements.csrf_token.value = state.csrf_token;
    return this.#send();
  }

  async #askToSignIn() {
    this.#keep();
    this.#showSignedOut();
    this.isPaused = true;
    const token = await this.signIn.ask();
    if (!token) return false;
    this.#resume(token);
    return this.#send();
  }

  #showSignedOut() {
    const label = this.signIn.dialog.querySelector("h2").textContent;
    this.line.trouble(this.line.words.signedOut, linkButton(label, () => this.save()));
  }

  #resume(token) {
    this.isPaused = false;
    this.form.elements.csrf_token.value = token;
  }

  /** Signed in elsewhere meanwhile? */
  async #lookAgain() {
    if (this.signIn.dialog.open) return;
    try {
      const state = await sessionState(this.form.dataset.session);
      if (!state.member) return;
      this.#resume(state.csrf_token);
      this.#plan(0);
    } catch {
      // The connection is away, too; the line says already that nothing is saved.
    }
  }

  /** Keeps what is typed in this browser; returns whether it could. */
  #keep() {
    const { opened, page, submission_key: key } = this.form.elements;
    return this.kept.put(typed(this.form), { opened: opened.value, page: page.value, key: key?.value });
  }

  #offerKept() {
    for (const copy of this.kept.left()) {
      const forget = () => this.kept.forget(copy.page);
      if (snapshot(copy.pairs) === this.#now()) forget();
      else offer(this.form, copy, { restore: () => this.#putBack(copy), forget });
    }
  }

  #putBack(copy) {
    // The copy was typed over what its page had been opened with: others' later changes show.
    this.form.elements.opened.value = copy.opened;
    this.form.elements.page.value = this.kept.page = copy.page;
    if (copy.key && this.form.elements.submission_key) this.form.elements.submission_key.value = copy.key;
    fill(this.form, copy.pairs);
    this.line.spoken.textContent = this.line.words.restored;
    this.form.querySelector("textarea, input:not([type=hidden])")?.focus();
    this.saved = "";
    this.save();
  }

  /** A page is left by its own buttons only when the library has, or has seen, what is on it. */
  async #submit(event) {
    // What can no longer be saved is shown again by the page that follows.
    if (this.isStopped) this.isLeaving = true;
    if (this.isLeaving) return;
    event.preventDefault();
    if (this.isSubmitting) return;
    const button = event.submitter;
    this.isSubmitting = true;
    this.isWhole = undefined;
    const isSaved = await this.save();
    this.isSubmitting = false;
    // With problems the page comes back with each of them beside its field.
    const isSeen = this.isWhole === false && !openConflicts(this.form).length;
    if (!(isSaved || isSeen)) return;
    this.isLeaving = true;
    // Not within the event that was refused: a form is not sent twice at once.
    await new Promise((resolve) => setTimeout(resolve));
    this.form.requestSubmit(button);
  }
}
