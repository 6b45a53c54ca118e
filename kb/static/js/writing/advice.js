// What to look at once more, beside the text that it is about; never while one types in it.

/** Shows, after each save, what it brought, as soon as the focus is elsewhere. */
export function showAdvice(form) {
  const boxes = [...form.querySelectorAll("[data-advice]")];
  let told = null;
  const show = (focused) => {
    for (const box of told ? boxes : []) {
      const { advice: name } = box.dataset;
      if (!isAbout(name, focused)) fill(box, told[name] ?? "");
    }
  };
  form.addEventListener("kb-saved", (event) => {
    told = event.detail.advice ?? null;
    show(document.activeElement);
  });
  form.addEventListener("focusout", (event) => show(event.relatedTarget));
}

/** Whether the control is the one of that name, or in the table of that name. */
function isAbout(name, control) {
  return control?.id === name || Boolean(control?.closest?.(`#${name}`));
}

/** Only what changed is put in: a live region speaks of whatever is. */
function fill(box, markup) {
  const filled = new DOMParser().parseFromString(markup, "text/html").body;
  if (filled.textContent.trim() === box.textContent.trim()) return;
  box.replaceChildren(...filled.childNodes);
}
