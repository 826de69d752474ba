// Boards: cards move between columns by dragging, or with Shift and the arrow keys. The server has the last word: an error puts the card back.
"use strict";
(() => {
  const column = (cards) => cards.closest("[data-column]").dataset.column;
  const say = (text) => {
    const line = document.createElement("div");
    line.className = "toast-line toast-error";
    line.setAttribute("data-toast", "");
    line.append(Object.assign(document.createElement("span"), { textContent: text }));
    document.querySelector("#toasts")?.append(line);
    setTimeout(() => line.remove(), 6000);
  };
  const send = async (board, card, home) => {
    const cards = card.parentElement;
    const body = new URLSearchParams({ item: card.dataset.card, column: column(cards), before: card.nextElementSibling?.dataset.card || "" });
    const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
    const putBack = () => home.parent.insertBefore(card, home.next?.isConnected ? home.next : null);
    try {
      const answer = await fetch(board.dataset.moveUrl, { method: "POST", body, headers: { ...token, "HX-Request": "true", "HX-Request-Type": "partial" }, credentials: "same-origin" });
      const text = await answer.text();
      if (!answer.ok) { putBack(); say((new DOMParser().parseFromString(text, "text/html").body.textContent || "").trim().slice(0, 200) || answer.statusText); return; }
      if (answer.redirected) { window.htmx.ajax("GET", answer.url, { target: "#main", select: "#main", swap: "outerHTML", push: "true" }); return; }
      if (text) window.htmx.swap({ text, sourceElement: board, target: board, swap: "none" });
    } catch (error) { putBack(); say(error.message); }
  };
  const recall = (card) => ({ parent: card.parentElement, next: card.nextElementSibling });

  const byKey = (board, event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card || !event.shiftKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const home = recall(card);
    const lists = [...board.querySelectorAll("[data-cards]")];
    const at = lists.indexOf(card.parentElement);
    if (event.key === "ArrowUp") card.previousElementSibling?.before(card);
    else if (event.key === "ArrowDown") card.nextElementSibling?.after(card);
    else lists[at + (event.key === "ArrowRight" ? 1 : -1)]?.prepend(card);
    card.focus();
    if (card.parentElement !== home.parent || card.nextElementSibling !== home.next) send(board, card, home);
  };

  const setUp = (board) => {
    board.addEventListener("keydown", (event) => byKey(board, event));
    board.querySelectorAll("[data-cards]").forEach((cards) => {
      let home;
      window.Sortable.create(cards, {
        group: "board", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120, delay: 120, delayOnTouchOnly: true, draggable: "[data-card]", ghostClass: "sortable-ghost", chosenClass: "sortable-chosen",
        onStart: (event) => { home = { parent: event.from, next: [...event.from.querySelectorAll("[data-card]")].filter((card) => card !== event.item)[event.oldDraggableIndex] || null }; },
        onEnd: (event) => { if (event.from !== event.to || event.oldIndex !== event.newIndex) send(board, event.item, home); },
      });
    });
  };
  // The next cards come as soon as the end of a column is near; should that fail, there is the button.
  document.addEventListener("scroll", (event) => {
    const cards = event.target;
    if (!cards.matches?.("[data-cards]") || cards.scrollHeight - cards.scrollTop - cards.clientHeight > 200) return;
    const more = cards.parentElement.querySelector(".board-more button:not([data-asked])");
    if (more) { more.dataset.asked = "true"; more.click(); }
  }, { capture: true, passive: true });
  const ready = () => window.proofline ? window.proofline.mount("[data-board]", setUp) : setTimeout(ready, 20);
  ready();
})();
