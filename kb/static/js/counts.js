// Says how many words or characters are left while a person types.

const PAUSE = 1000; // Milliseconds of quiet before the count is read out.

const number = new Intl.NumberFormat(document.documentElement.lang);

const count = {
  words: (text) => (text.trim() ? text.trim().split(/\s+/).length : 0),
  characters: (text) => [...text].length,
};

/** Watches the text area of one form group that has data-count, data-limit, data-left and data-over. */
export function countAsTyped(group) {
  const area = group.querySelector("textarea, input");
  const shown = group.querySelector(".govuk-character-count__message");
  if (!area || !shown) return;
  const { count: kind, limit, left, over } = group.dataset;
  const spoken = document.createElement("div");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  group.append(spoken);

  const say = () => {
    const rest = Number(limit) - count[kind](area.value);
    shown.textContent = rest < 0 ? `${over} ${number.format(-rest)}` : `${left} ${number.format(rest)}`;
    shown.classList.toggle("govuk-error-message", rest < 0);
    shown.classList.toggle("govuk-hint", rest >= 0);
  };
  let quiet;
  area.addEventListener("input", () => {
    say();
    clearTimeout(quiet);
    quiet = setTimeout(() => (spoken.textContent = shown.textContent), PAUSE);
  });
  say();
}
