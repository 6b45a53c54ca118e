// The filters of the search page submit themselves, and stay folded on a narrow screen.

const WAIT = 350; // Milliseconds, so that several boxes ticked in a row make one request.
const NARROW = matchMedia("(max-width: 55.99em)");
const REMEMBERED = "kb-focus";

/** Folds the whole column of filters away where it would push the results out of sight. */
export function foldFilters(details) {
  const fold = () => (details.open = !NARROW.matches);
  NARROW.addEventListener("change", fold);
  fold();
}

/** Submits the form on each change of a box or of the order, and puts the focus back afterwards. */
export function submitFilters(form) {
  let waiting;
  form.addEventListener("change", (event) => {
    const box = event.target.matches("input[type=checkbox]");
    // On a narrow screen the boxes stand above the results: there the button submits them.
    if (!(event.target.matches("select") || (box && !NARROW.matches))) return;
    sessionStorage.setItem(REMEMBERED, event.target.id);
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(), WAIT);
  });
  const id = sessionStorage.getItem(REMEMBERED);
  sessionStorage.removeItem(REMEMBERED);
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}
