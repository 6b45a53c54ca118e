// Shows how far a long piece of work is, and opens its page anew when it is over.

const EVERY = 700;

for (const box of document.querySelectorAll("[data-progress]")) look(box);

async function look(box) {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { state, done, said } = await answer.json();
    if (state !== "running") return location.reload();
    box.querySelector("progress").value = done;
    box.querySelector("[role=status]").textContent = said;
  } catch {
    // Without a connection the next look may have one again.
  }
  setTimeout(() => look(box), EVERY);
}
