// The page of a talk: notes are saved as they are typed, one saving after another, and kept on this device until they arrived;
// what others write comes by itself; times lead into the recording. What a saving follows is said as `models.Save` reads it.
"use strict";
(() => {
  if (!window.proofline || window.proofline.talk) return;
  window.proofline.talk = true;
  const WAIT = 500, AGAIN = 3000, LOOK = 4000;
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const fromHtml = (html) => { const box = document.createElement("template"); box.innerHTML = html.trim(); return box.content.firstElementChild; };
  const written = (seconds) => {
    const rest = String(seconds % 60).padStart(2, "0"), minutes = Math.floor(seconds / 60) % 60, hours = Math.floor(seconds / 3600);
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  };

  const setUp = (root) => {
    const $ = (selector, from = root) => from.querySelector(selector), say = root.dataset;
    const list = $("[data-list]"), composer = $("[data-composer]"), status = $("[data-status]");
    const here = () => document.contains(root);

    // ---- the clock
    let from = performance.now(), seconds = Number(say.seconds), running = root.hasAttribute("data-running");
    const elapsed = () => seconds + (running ? Math.floor((performance.now() - from) / 1000) : 0);
    const tick = () => { $("[data-clock]").textContent = written(elapsed()); };

    // ---- what is typed, until it arrived
    const store = `talk-${say.talk}`;
    const entries = new Map(); // key → { key, text, base, tried, changes, second, question, contact, busy, theirs, refused }
    let composing = newKey(), timer, settled = Promise.resolve();
    const remember = () => {
      const kept = [...entries.values()].map(({ key, text, base, tried, second, question, contact }) => ({ key, text, base, tried, second, question, contact }));
      try { if (kept.length) localStorage.setItem(store, JSON.stringify(kept)); else localStorage.removeItem(store); } catch { /* a full or closed store: the page itself still has it */ }
    };
    const tell = (text, state = "") => { status?.replaceChildren(text); if (status) status.dataset.state = state; };
    const article = (key) => $(`[data-note="${key}"]`);
    const open = () => [...entries.values()].filter((one) => !one.theirs && !one.refused);
    const token = () => $("[name=csrfmiddlewaretoken]", composer || document).value;

    const note = (key, text, first = {}) => {
      const one = entries.get(key) || { key, base: Number(article(key)?.dataset.version || 0), tried: [], changes: 0, ...first };
      Object.assign(one, { text, changes: one.changes + 1, refused: "" });
      entries.set(key, one);
      article(key)?.classList.add("talk-unsaved");
      remember();
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    };
    const body = (one) => {
      const data = new FormData();
      for (const name of ["key", "text", "base", "mark"]) data.append(name, one[name]);
      one.tried.forEach((mark) => data.append("tried", mark));
      for (const name of ["second", "question", "contact"]) if (one[name] !== undefined && one[name] !== null) data.append(name, one[name]);
      return data;
    };
    const send = async (one, keepalive) => {
      const changes = one.changes, tried = body(Object.assign(one, { mark: newKey(), busy: true }));
      one.tried = [...one.tried, one.mark].slice(-20);
      remember();
      let answer;
      try {
        answer = await fetch(say.notes, { method: "POST", body: tried, keepalive, headers: { "X-CSRFToken": token(), Accept: "application/json" } });
      } catch { return say.unsaved; } finally { one.busy = false; }
      if (answer.redirected) return say.signin;
      if (answer.status === 403 || answer.status === 404) { one.refused = say.refused; return say.refused; }
      if (![200, 409, 422].includes(answer.status)) return say.unsaved;
      const found = await answer.json();
      if (answer.status === 422) { one.refused = found.error; return found.error; }
      if (answer.status === 409) { one.theirs = found; one.tried = []; conflict(one); return ""; }
      Object.assign(one, { base: found.version, tried: [] });
      if (one.changes === changes) entries.delete(one.key);
      remember();
      if (found.html && one.key !== composing) show(found);
      else if (one.key === composing) composer.dataset.base = found.version;
      return "";
    };
    const save = (keepalive = false) => {
      clearTimeout(timer);
      const due = open().filter((one) => !one.busy);
      if (!due.length) return settled;
      tell(say.saving);
      settled = Promise.all(due.map((one) => send(one, keepalive === true))).then((wrong) => {
        const text = wrong.find(Boolean) || [...entries.values()].map((one) => one.refused).find(Boolean);
        if (open().length) timer = setTimeout(save, text ? AGAIN : WAIT);
        if (text) tell(text, "bad");
        else if (!entries.size) tell(say.saved, "good");
      });
      return settled;
    };

    // ---- two wrote at once: nothing is lost, the writer chooses
    const conflict = (one) => {
      if (one.key === composing) next();
      const place = $("[data-conflict]", article(one.key) || placeholder(one)), words = document.createElement("p"), line = document.createElement("blockquote");
      words.textContent = `${one.theirs.by} ${say.theirs}`;
      line.textContent = one.theirs.text;
      const choose = (label, text) => {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", className: "btn btn-sm", textContent: label });
        button.addEventListener("click", () => {
          Object.assign(one, { base: one.theirs.version, theirs: null, text });
          Object.assign($("[data-note-text]", article(one.key)), { value: text });
          place.hidden = true;
          note(one.key, text);
          save();
        });
        return button;
      };
      const mine = one.text;
      place.replaceChildren(words, line, choose(say.both, `${one.theirs.text}\n${mine}`), choose(say.keep, mine), choose(say.take, one.theirs.text));
      place.hidden = false;
      tell("");
    };

    // ---- notes in the list
    const waiting = new Map(); // what came while the note was being written in
    const placeholder = (one) => {
      const made = fromHtml('<article class="talk-note talk-unsaved"><span class="talk-time num"></span><div class="talk-note-body"><textarea rows="1" data-note-text maxlength="20000"></textarea><div class="talk-conflict" data-conflict hidden role="alert"></div></div></article>');
      Object.assign(made.dataset, { note: one.key, version: one.base });
      if (one.second !== undefined && one.second !== null) $(".talk-time", made).textContent = written(Number(one.second));
      Object.assign($("textarea", made), { value: one.text, ariaLabel: say.noteLabel });
      list.append(made);
      return made;
    };
    const show = (found) => {
      const old = article(found.key), one = entries.get(found.key);
      if (old && (one || old.contains(document.activeElement))) {
        waiting.set(found.key, found);
        if (!one && found.version && $("[data-note-text]", old)?.value.trim() === fromHtml(found.html).dataset.text) { old.dataset.version = found.version; old.classList.remove("talk-unsaved"); }
        return;
      }
      waiting.delete(found.key);
      const made = fromHtml(found.html);
      if (old?.dataset.stamp === made.dataset.stamp) { old.classList.remove("talk-unsaved"); return; }
      if (old) old.replaceWith(made); else list.append(made);
      htmx.process(made);
      if (!old) made.scrollIntoView({ block: "nearest" });
    };
    const arrange = (order) => {
      const known = new Set(order);
      list.querySelectorAll("[data-note]").forEach((one) => {
        if (!known.has(one.dataset.note) && !entries.has(one.dataset.note) && !one.contains(document.activeElement)) one.remove();
      });
      if (list.contains(document.activeElement)) return;
      const now = [...list.children].map((one) => one.dataset.note).filter((key) => known.has(key)), right = order.filter((key) => key !== composing && article(key));
      if (now.join() !== right.join()) right.forEach((key) => list.append(article(key)));
      [...entries.values()].forEach((one) => { if (!known.has(one.key) && article(one.key)) list.append(article(one.key)); });
    };

    // ---- what others do
    let stamp = say.stamp, looking = false;
    const shown = {};
    const look = async () => {
      if (looking || !here()) return;
      looking = true;
      try {
        const answer = await fetch(`${say.live}?since=${encodeURIComponent(stamp)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) return;
        const found = await answer.json();
        stamp = found.stamp;
        if (found.state !== say.state) { htmx.ajax("GET", window.location.href, { target: "#main", select: "#main", swap: "outerHTML show:none" }); return; }
        found.notes.filter((one) => one.key !== composing).forEach(show);
        arrange(found.order);
        for (const name of ["guide", "needs"]) {
          const place = $(`[data-part="${name}"]`);
          if (shown[name] === found[name] || place.contains(document.activeElement)) continue;
          if (shown[name] !== undefined || place.innerHTML.trim() !== found[name].trim()) { place.innerHTML = found[name]; htmx.process(place); }
          shown[name] = found[name];
        }
        [from, seconds, running] = [performance.now(), found.seconds, found.running];
      } catch { /* no connection: the notes say so, and it is looked again */ } finally { looking = false; }
    };

    // ---- the composer
    const answering = (pk, words = "") => {
      $("[name=question]", composer).value = pk;
      const line = $("[data-answering]", composer);
      line.hidden = !pk;
      $("span", line).textContent = words;
    };
    const first = () => ({ second: running ? elapsed() : "", question: $("[name=question]", composer).value, contact: $("[name=contact]", composer).value });
    const next = () => {
      const area = $("textarea", composer), key = composing, text = area.value.trim();
      if (!text && !entries.has(key)) return;
      const one = entries.get(key);
      if (text && (one || !composer.dataset.base)) placeholder(one || { key, text, base: 0 });
      composing = newKey();
      area.value = "";
      delete composer.dataset.base;
      answering("");
      save().then(look);
    };
    if (composer) {
      composer.addEventListener("input", (event) => {
        if (event.target.name === "text") note(composing, event.target.value.trim(), { ...first(), base: Number(composer.dataset.base || 0) });
      });
      composer.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.name === "text") { event.preventDefault(); next(); }
      });
      composer.addEventListener("submit", (event) => { event.preventDefault(); event.stopImmediatePropagation(); next(); $("textarea", composer).focus(); }, true);
    }
    list.addEventListener("input", (event) => { if (event.target.matches("[data-note-text]")) note(event.target.closest("[data-note]").dataset.note, event.target.value.trim()); });
    list.addEventListener("focusout", (event) => {
      const key = event.target.closest("[data-note]")?.dataset.note;
      if (key) save().then(() => { if (waiting.has(key) && !entries.has(key)) show(waiting.get(key)); });
    });

    // ---- verbs that need no form, and leaving: what is typed goes first
    const undoable = (url) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-sm btn-ghost", textContent: say.undo });
      button.addEventListener("click", () => { tell(""); act(url); });
      tell(`${say.removed} `);
      status.append(button);
    };
    const act = async (url) => {
      await save();
      try { await fetch(url, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token(), "X-Talk": "1" } }); } catch { tell(say.unsaved, "bad"); }
      await look();
    };
    root.addEventListener("submit", (event) => {
      if (!event.target.matches("form[data-verb]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      event.submitter?.blur();
      act(event.target.action).then(() => { if (event.target.dataset.undo) undoable(event.target.dataset.undo); });
    }, true);
    const closing = (event) => {
      if (!here()) { document.removeEventListener("submit", closing, true); return; }
      if (!event.target.matches("form[data-conclude]") || !entries.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      save().then(() => { if (!entries.size) event.target.requestSubmit(); });
    };
    document.addEventListener("submit", closing, true);

    // ---- guide, times, transcript
    const seek = (second) => {
      const players = [...root.querySelectorAll("[data-recording]")], begun = players.filter((one) => Number(one.dataset.offset) <= second);
      const player = begun.sort((a, b) => b.dataset.offset - a.dataset.offset)[0] || players[0];
      if (!player) return;
      players.forEach((one) => { if (one !== player) one.pause(); });
      player.currentTime = Math.max(0, second - Number(player.dataset.offset));
      player.play().catch(() => {}); // a browser that plays nothing by itself still stands at the right second
    };
    root.addEventListener("click", (event) => {
      const ask = event.target.closest("[data-ask]"), time = event.target.closest("[data-seek]");
      if (ask && composer) { answering(ask.dataset.ask, ask.dataset.words); $("textarea", composer).focus(); }
      else if (time) seek(Number(time.dataset.seek));
    });
    root.addEventListener("timeupdate", (event) => {
      const second = event.target.currentTime + Number(event.target.dataset.offset);
      root.querySelectorAll("[data-transcript]").forEach((transcript) => {
        const lines = [...transcript.querySelectorAll(".transcript-cue[data-second]")], now = lines.filter((line) => Number(line.dataset.second) <= second).pop();
        lines.forEach((line) => line.toggleAttribute("aria-current", line === now));
      });
    }, true);
    root.addEventListener("input", (event) => {
      if (!event.target.matches("[data-transcript-search]")) return;
      const words = event.target.value.trim().toLowerCase(), transcript = event.target.closest("[data-transcript]");
      const lines = [...transcript.querySelectorAll(".transcript-lines li")], found = lines.filter((line) => line.textContent.toLowerCase().includes(words));
      lines.forEach((line) => { line.hidden = !found.includes(line); });
      $("[data-found]", transcript).textContent = words ? `${found.length}/${lines.length}` : "";
    });

    // ---- beginning, and looking again
    try {
      JSON.parse(localStorage.getItem(store) || "[]").forEach((one) => {
        entries.set(one.key, { ...one, changes: 1 });
        const old = article(one.key);
        if (old && $("[data-note-text]", old)) { $("[data-note-text]", old).value = one.text; old.classList.add("talk-unsaved"); } else if (composer) placeholder(one);
      });
    } catch { localStorage.removeItem(store); }
    if (!composer) entries.clear();
    save();
    const leave = () => { if (here() && entries.size) save(true); };
    const ticking = setInterval(() => { if (here()) tick(); else { clearInterval(ticking); clearInterval(watching); clearTimeout(timer); window.removeEventListener("pagehide", leave); } }, 1000);
    const watching = setInterval(() => { if (document.visibilityState === "visible") look(); }, LOOK);
    window.addEventListener("pagehide", leave);
    window.addEventListener("online", () => { if (here()) save(); });
  };
  window.proofline.mount("[data-talk]", setUp);
})();
