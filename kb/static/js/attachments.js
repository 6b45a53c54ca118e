// Sends chosen or dragged files one by one, with their progress, and saves what is said of them as it is typed.
// Without it the form sends everything at once.

const say = (text, name) => text.replace("{name}", name);

/** Sends one file; resolves to what the server says of it, or is rejected with the name of a sentence. */
function send(form, file, onProgress) {
  const fields = new FormData();
  fields.append("csrf_token", form.elements.csrf_token?.value ?? "");
  fields.append("files", file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () =>
      request.status === 200 && request.response ? resolve(request.response) : reject("notTaken"),
    );
    request.addEventListener("error", () => reject("notSent"));
    request.send(fields);
  });
}

/** A line that shows how much of a file was sent. */
function showSending(form, file) {
  const item = document.createElement("li");
  item.className = "kb-sending__item";
  const label = document.createElement("span");
  label.textContent = say(form.dataset.sending, file.name);
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", label.textContent);
  item.append(label, bar);
  form.querySelector("[data-sending-list]").append(item);
  return {
    progress: (share) => (bar.value = share),
    end: (text, failed) => {
      label.textContent = text;
      label.classList.toggle("govuk-error-message", failed);
      bar.remove();
      form.querySelector("[data-status]").textContent = text;
    },
  };
}

async function add(form, file) {
  const line = showSending(form, file);
  if (file.size > Number(form.dataset.largest)) return line.end(say(form.dataset.tooLarge, file.name), true);
  try {
    const { added, refused, notes } = await send(form, file, line.progress);
    const list = form.querySelector("[data-list]");
    added.forEach((html) => list.insertAdjacentHTML("beforeend", html));
    if (added.length) form.querySelector("[data-none]").hidden = true;
    return line.end(refused[0] ?? [say(form.dataset.added, file.name), ...notes].join(" "), refused.length > 0);
  } catch (reason) {
    return line.end(say(form.dataset[reason] ?? form.dataset.notTaken, file.name), true);
  }
}

/** Saves what is said of the files; the marks that come back are what the next save begins with. */
async function save(form) {
  const state = form.querySelector("[data-saved-state]");
  const fields = new FormData(form);
  fields.delete("files");
  state.textContent = "";
  try {
    // It arrives even if the page is left meanwhile.
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" }, keepalive: true });
    const { marks, problems } = await answer.json();
    for (const [name, mark] of Object.entries(marks)) if (form.elements[name]) form.elements[name].value = mark;
    state.textContent = problems[0] ?? form.dataset.saved;
    return problems.length === 0;
  } catch {
    state.textContent = form.dataset.notSaved;
    return false;
  }
}

/** Lets the form send its files by itself, and take those that are dropped on it. */
function sendByThemselves(form) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  form.querySelector("[data-upload]").hidden = true;
  form.querySelector("[data-drop-hint]").hidden = false;
  let waiting = Promise.resolve();
  let coming = 0; // Files that are still on their way.
  let isSaved = true;
  let isSent = false;
  addEventListener("beforeunload", (event) => (coming || !isSaved) && !isSent && event.preventDefault());
  addEventListener("pageshow", () => (isSent = false));
  form.addEventListener("submit", () => (isSent = true));
  const take = (files) => {
    for (const file of files) {
      coming += 1;
      waiting = waiting.then(() => add(form, file)).finally(() => (coming -= 1));
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target !== input) return void (waiting = waiting.then(async () => (isSaved = await save(form))));
    take([...input.files]);
    input.value = "";
  });
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle("kb-drop--over", type === "dragenter" || type === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
}

document.querySelectorAll("form[data-files]").forEach(sendByThemselves);
