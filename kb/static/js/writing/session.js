// Signing in over the page, when the session or the form's token ended while somebody wrote.

const JSON_PLEASE = { Accept: "application/json" };

/** Who is signed in now, and a token for forms: {member, csrf_token}. */
export async function sessionState(address) {
  const answer = await fetch(address, { headers: JSON_PLEASE, cache: "no-store" });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

/** The dialog; asks until somebody is signed in, or gives up for now. */
export class SignIn {
  constructor(dialog, stateAddress) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.error = dialog.querySelector("[data-sign-in-error]");
    this.stateAddress = stateAddress;
    this.form.addEventListener("submit", (event) => this.#send(event));
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.#done(this.token));
    // Signed in in another tab meanwhile?
    addEventListener("focus", () => this.dialog.open && this.#look());
  }

  /** Resolves to a new token, or to nothing where the person closed the dialog. */
  ask() {
    this.token = undefined;
    this.error.textContent = "";
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.querySelector("[type=password]").focus();
    return new Promise((resolve) => (this.#done = resolve));
  }

  #done = () => {};

  async #look() {
    try {
      const state = await sessionState(this.stateAddress);
      if (state.member) this.#close(state.csrf_token);
    } catch {
      // Still away; the person can try again.
    }
  }

  async #send(event) {
    event.preventDefault();
    const [email, password] = this.form.querySelectorAll("input:not([type=hidden])");
    try {
      const { csrf_token: token } = await sessionState(this.stateAddress);
      const body = new URLSearchParams({ email: email.value, password: password.value });
      const headers = { ...JSON_PLEASE, "X-CSRFToken": token };
      const answer = await fetch(this.form.action, { method: "POST", headers, body });
      const told = await answer.json();
      password.value = "";
      if (answer.ok) this.#close(told.csrf_token);
      else this.error.textContent = told.message ?? "";
    } catch {
      this.error.textContent = this.error.dataset.signInError;
    }
  }

  #close(token) {
    this.token = token;
    this.dialog.close();
  }
}
