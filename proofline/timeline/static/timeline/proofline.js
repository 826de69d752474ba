/* Proofline's browser snippet; docs/api.md tells what it does and takes. It is handed out as it is: under 3 KB compressed.
 * <script async src="https://YOUR-SERVER/static/timeline/proofline.js" data-write-key="…"></script> */
(() => {
  "use strict";
  const doc = document, nav = navigator, early = window.proofline;
  const script = doc.currentScript || doc.querySelector("script[data-write-key]");
  if (!script || (early && early.track)) return;
  const said = script.dataset, waits = said.consent === "wait";
  const url = (said.host || new URL(script.src).origin).replace(/\/$/, "") + "/v1/batch";

  // Cookies and storage may be blocked: then what is known lasts as long as the page.
  const attempt = (work) => { try { return work(); } catch (_) { /* the page goes on */ } };
  const read = (name) => attempt(() => decodeURIComponent(doc.cookie.match(`(?:^|; )proofline_${name}=([^;]*)`)[1])) || "";
  const write = (name, value) => attempt(() => {
    doc.cookie = `proofline_${name}=${encodeURIComponent(value)};path=/;samesite=lax;max-age=${value ? 31536000 : 0}` +
      (said.domain ? ";domain=" + said.domain : "") + (location.protocol === "https:" ? ";secure" : "");
  });
  const newId = () => attempt(() => crypto.randomUUID()) || [Date.now(), Math.random(), Math.random()].join("-");
  const here = () => location.href.replace(/#(?![/!]).*/, "");

  const refused = /^(1|yes)$/.test(nav.doNotTrack || window.doNotTrack) || nav.globalPrivacyControl;
  const answer = read("consent");
  let allowed = !refused && (answer ? answer === "1" : !waits), undecided = !refused && !answer && waits;
  let visitor = read("anonymous") || newId(), user = read("user") || undefined, group, campaign, seen, before = doc.referrer;
  let queue = [], flying = [], timer = 0, pause = 2000;

  // Keeps what may be kept and wipes what may not.
  function keep() {
    write("anonymous", allowed ? visitor : "");
    write("user", allowed && user || "");
    attempt(() => { allowed && campaign ? sessionStorage.pl_utm = JSON.stringify(campaign) : allowed || delete sessionStorage.pl_utm; });
    attempt(() => { allowed || delete localStorage.pl_queue; });
  }
  function add(type, more) {
    if (!allowed && !undecided) return;
    const page = { path: location.pathname, url: location.href, title: doc.title, search: location.search, referrer: before };
    const context = { page, campaign, groupId: group, locale: nav.language };
    const event = { type, messageId: newId(), anonymousId: visitor, userId: user, timestamp: new Date(), context };
    const text = attempt(() => JSON.stringify(Object.assign(event, more)));
    if (text && queue.length < 1000) queue.push(text);
    later(300);
  }
  function later(after) { timer = timer || setTimeout(flush, after); }

  // A beacon outlives the page but never says whether it arrived, so while the page stays, requests that do say are sent.
  // What is sent twice for that counts once, by its messageId.
  function flush(leaving) {
    clearTimeout(timer);
    timer = 0;
    if (!allowed) return;
    const left = [];
    if (leaving === true) { queue = flying.concat(queue); flying = []; }
    while (queue.length && (leaving === true || !flying.length)) {
      let size = 0, count = 0;
      while (count < queue.length && (size += queue[count].length) < 2e4) count++;
      const batch = queue.splice(0, count || 1);
      const body = `{"writeKey":${JSON.stringify(said.writeKey)},"sentAt":"${new Date().toISOString()}","batch":[${batch}]}`;
      if (leaving === true && attempt(() => nav.onLine && nav.sendBeacon(url, body))) continue;
      left.push(...batch);
      flying = flying.concat(batch);
      const landed = () => {
        const mine = batch.filter((one) => flying.includes(one));
        flying = flying.filter((one) => !batch.includes(one));
        return mine;
      };
      fetch(url, { method: "POST", body, keepalive: body.length < 21000, headers: { "Content-Type": "text/plain" } }).then((got) => {
        if (got.status > 428) throw got;
        landed();
        pause = 2000;
        flush();
      }).catch(() => {
        queue = landed().concat(queue);
        later(pause);
        pause = Math.min(pause * 2, 3e5);
      });
    }
    if (leaving === true && left.length) attempt(() => { localStorage.pl_queue = JSON.stringify(left); });
  }

  function view() {
    if (here() === seen) return;
    before = seen || before;
    seen = here();
    const found = {};
    new URLSearchParams(location.search).forEach((value, name) => {
      if (/^utm_./.test(name)) found[name === "utm_campaign" ? "name" : name.slice(4)] = value;
    });
    campaign = Object.keys(found).length ? found : campaign || attempt(() => JSON.parse(sessionStorage.pl_utm));
    keep();
    if (said.pages !== "off") add("page");
  }
  function submitted(event) {
    const form = event.target, attribute = (name) => form.getAttribute(name) || undefined;
    if (said.forms === "off" || form.hasAttribute("data-proofline-ignore")) return;
    const email = form.hasAttribute("data-proofline-identify") && form.querySelector("[type=email]");
    if (email && email.value) api.identify({ email: email.value });
    const action = attempt(() => new URL(attribute("action") || "", doc.baseURI).pathname);
    api.track("Form Submitted", { formId: attribute("id"), formName: attribute("name"), formAction: action });
  }

  const api = window.proofline = {
    track(event, properties) { add("track", { event, properties }); },
    page(name, properties) { add("page", { name, properties }); },
    identify(who, traits) {
      if (who && typeof who === "object") [who, traits] = [0, who];
      // Somebody else at the same computer is another visitor.
      if (who && user && String(who) !== user) visitor = newId();
      if (who) user = String(who);
      keep();
      add("identify", { userId: user, anonymousId: visitor, traits });
    },
    group(which, traits) { group = String(which); add("group", { groupId: group, traits }); },
    reset() { visitor = newId(); user = group = undefined; keep(); },
    consent(given) {
      allowed = !!given && !refused;
      undecided = false;
      write("consent", allowed ? "1" : waits || refused ? "" : "0");
      if (!allowed) queue = [];
      keep();
      flush();
    },
    anonymousId: () => allowed ? visitor : "",
    push(call) { attempt(() => api[call[0]](...call.slice(1))); },
    flush: () => flush()
  };

  ["pushState", "replaceState"].forEach((name) => {
    const real = history[name];
    history[name] = function () { const done = real.apply(this, arguments); setTimeout(view); return done; };
  });
  addEventListener("popstate", view);
  addEventListener("pageshow", (event) => { if (event.persisted) { seen = ""; view(); } });
  addEventListener("pagehide", () => flush(true));
  doc.addEventListener("visibilitychange", () => { if (doc.hidden) flush(true); });
  doc.addEventListener("submit", (event) => attempt(() => submitted(event)), true);
  if (allowed) attempt(() => { queue = [...JSON.parse(localStorage.pl_queue)]; delete localStorage.pl_queue; later(300); });
  if (doc.prerendering) doc.addEventListener("prerenderingchange", view, { once: true }); else view();
  if (Array.isArray(early)) early.forEach(api.push);
})();
