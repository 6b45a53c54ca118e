// Where somebody else changed the same text: both are shown, and the person who types chooses.

/** Shows one conflict before its control; ``choose`` is called with "mine" or "saved". */
export function showConflict(form, conflict, choose) {
  const control = document.getElementById(conflict.input);
  const group = control?.closest(".govuk-form-group, fieldset") ?? form;
  forgetConflict(form, conflict.name);
  const template = document.querySelector("[data-conflict-template]");
  const box = template.content.firstElementChild.cloneNode(true);
  box.dataset.conflict = conflict.name;
  box.setAttribute("aria-label", conflict.label);
  box.querySelector(".kb-conflict__text").textContent = conflict.saved || "–";
  for (const button of box.querySelectorAll("[data-keep]")) {
    button.addEventListener("click", () => {
      // A list or a table is taken over by opening the page anew.
      if (button.dataset.keep === "saved" && conflict.is_text) {
        control.value = conflict.saved;
        control.dispatchEvent(new Event("input", { bubbles: true }));
      }
      box.remove();
      control?.focus();
      choose(button.dataset.keep);
    });
  }
  group.prepend(box);
}

/** Takes a conflict's box away, once it is settled. */
export function forgetConflict(form, name) {
  form.querySelector(`[data-conflict="${name}"]`)?.remove();
}

/** The names of the conflicts that still wait for a choice. */
export function openConflicts(form) {
  return [...form.querySelectorAll("[data-conflict]")].map((box) => box.dataset.conflict);
}
