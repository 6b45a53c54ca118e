// Says beside a text that it is missing in this language while the other one has it.

const LANGUAGES = ["el", "en"];

/** Keeps the notes of a form in step with what is typed. */
export function markGaps(form) {
  const notes = new Map([...form.querySelectorAll("[data-gap]")].map((note) => [note.dataset.gap, note]));
  const mark = (name) => {
    const code = name.slice(0, -3);
    for (const language of LANGUAGES) {
      const note = notes.get(`${code}_${language}`);
      const text = (lang) => form.elements[`${code}_${lang}`]?.value.trim();
      if (note) note.hidden = Boolean(text(language)) || !LANGUAGES.some(text);
    }
  };
  form.addEventListener("input", (event) => {
    if (notes.has(event.target.name)) mark(event.target.name);
  });
  for (const name of notes.keys()) mark(name);
}
