// The filters of the search page submit themselves, and stay folded on a narrow screen.

const WAIT = 350; // Milliseconds, so that several boxes ticked in a row make one request.
const NARROW = matchMedia("(max-width: 55.99em)");
const REMEMBERED = "kb-focus";

/**
 * Folds the whole column of filters away where it would push the results out of sight, and in it
 * what is not in use, so that the names of all filters are seen at once when it is opened.
 */
export function foldFilters(details) {
  const open = [...details.querySelectorAll("details[open]")];
  const idle = open.filter((facet) => !facet.querySelector(":checked"));
  const fold = () => [details, ...idle].forEach((each) => (each.open = !NARROW.matches));
  NARROW.addEventListener("change", fold);
  fold();
}

/** Submits the form on each change of a box or of the order, and puts the focus back afterwards. */
export function submitFilters(form) {
  let waiting;
  form.querySelector("[data-needs-script]").classList.add("kb-ready");
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
  form.querySelectorAll(".kb-facet__choices").forEach(showChosen);
  if (id) document.getElementById(id)?.focus();
}

/** Scrolls a list that is longer than its place, without the page, to the first that is chosen. */
function showChosen(list) {
  const item = list.querySelector(":checked")?.closest(".govuk-checkboxes__item");
  if (item) list.scrollTop = item.offsetTop - (list.clientHeight - item.offsetHeight) / 2;
}
