// Takes people to what they must read first: an error summary, or the notice of what they did.

/** Moves the focus to the first element that asks for it. */
export function focusFirst(selector) {
  document.querySelector(selector)?.focus({ preventScroll: false });
}

/** Lets a link of the error summary lead into the control, with its label in view. */
export function focusFromSummary(summary) {
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    const legendOrLabel = control.closest("fieldset")?.querySelector("legend") ?? control.labels?.[0] ?? control;
    legendOrLabel.scrollIntoView();
    control.focus({ preventScroll: true });
  });
}
