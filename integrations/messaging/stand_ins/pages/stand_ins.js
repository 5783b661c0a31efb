// Has something come in since? Then the page is shown anew, unless somebody is writing.

const EVERY_MS = 2000;
const shown = document.body.dataset.pulse;

async function look() {
  const writing = [...document.querySelectorAll("textarea")].some((field) => field.value || field === document.activeElement);
  if (document.hidden || writing) return;
  try {
    const { pulse } = await (await fetch("/pulse")).json();
    if (pulse !== shown) location.reload();
  } catch {
    // The stand-ins have stopped; the page stays as it is.
  }
}

if (shown) setInterval(look, EVERY_MS);
