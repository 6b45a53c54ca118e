// The buttons of a practice: copy its address, print it. They are hidden until they work.

/** Copies the page's address; data-copy holds it, data-done what is said then. */
export function copyAddress(button) {
  if (!navigator.clipboard) return;
  button.classList.add("kb-ready");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const status = document.getElementById(button.getAttribute("aria-describedby"));
    if (status) status.textContent = button.dataset.done;
  });
}

/** Opens the browser's print dialogue. */
export function printPage(button) {
  button.classList.add("kb-ready");
  button.addEventListener("click", () => window.print());
}
