// Takes people to what they must read first: an error summary, or the notice of what they did.

/** Moves the focus to the first element that asks for it; a notice goes to the part of the page that the address names. */
export function focusFirst(selector) {
  const element = document.querySelector(selector);
  const part = location.hash && document.getElementById(location.hash.slice(1));
  if (!part || !element?.matches(".kb-notice")) {
    element?.focus({ preventScroll: false });
    return;
  }
  part.before(element);
  const show = () => {
    element.scrollIntoView();
    element.focus({ preventScroll: true });
  };
  // The browser itself goes to the part, and takes the focus along, once the page is loaded.
  if (document.readyState === "complete") show();
  else addEventListener("load", show, { once: true });
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
