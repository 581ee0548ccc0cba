// Keeps an open page up to date from server-sent events. Without this script every page still works.
"use strict";

(() => {
  const REFRESH_EVERY_MS = 300;
  const RETRY_MS = 3000;
  const ANNOUNCE_AFTER_MS = 1000;
  const ANNOUNCE_MOST = 3;
  const STATES = {
    connecting: "Verbinden…",
    open: "Live: werkt zichzelf bij",
    lost: "Verbinding verbroken, we proberen het opnieuw",
  };

  const words = (text) => (text || "").split(",").map((word) => word.trim()).filter(Boolean);

  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // ---- Pause: whoever reads must be able to stop what moves (WCAG 2.2.2). One switch for the whole page.

  let paused = false;
  let held = 0;
  const buttons = [];
  const onResume = [];

  const showPause = () => {
    const text = !paused ? "Pauzeren" : held ? `Hervatten (${held} nieuw)` : "Hervatten";
    for (const button of buttons) button.textContent = text;
  };

  const togglePause = () => {
    paused = !paused;
    if (!paused) {
      held = 0;
      for (const resume of onResume) resume();
    }
    showPause();
  };

  const hold = () => {
    held += 1;
    showPause();
  };

  // ---- The connection, as shown on the page.

  const indicators = new Map();

  const indicator = (id) => {
    const element = id ? document.getElementById(id) : null;
    if (!element || indicators.has(element)) return indicators.get(element) || null;
    const text = element.querySelector(".live-text") || element.appendChild(make("span", "live-text"));
    text.setAttribute("role", "status");
    const button = make("button", "live-pause");
    button.type = "button";
    button.addEventListener("click", togglePause);
    buttons.push(button);
    element.append(button);
    element.hidden = false;
    const states = new Map();
    const show = (stream, state) => {
      states.set(stream, state);
      const all = [...states.values()];
      const worst = ["lost", "connecting"].find((one) => all.includes(one)) || "open";
      element.dataset.state = worst;
      if (text.textContent !== STATES[worst]) text.textContent = STATES[worst];
    };
    indicators.set(element, show);
    return show;
  };

  // ---- Streams: one connection per address, however many elements follow it.

  const streams = new Map();

  const streamOf = (address, after) => {
    const key = `${address} ${after ?? ""}`;
    if (!streams.has(key)) streams.set(key, { address, after, receivers: new Map(), shows: new Set(), onOpen: [] });
    return streams.get(key);
  };

  const receive = (stream, type, receiver) => {
    stream.receivers.set(type, [...(stream.receivers.get(type) || []), receiver]);
  };

  const open = (stream) => {
    const tell = (state) => stream.shows.forEach((show) => show(stream, state));
    const address = new URL(stream.address, location.href);
    if (stream.after) address.searchParams.set("after", stream.after);
    const source = new EventSource(address);
    source.addEventListener("open", () => {
      tell("open");
      stream.onOpen.forEach((catchUp) => catchUp());
    });
    source.addEventListener("error", () => {
      tell("lost");
      // EventSource reconnects by itself, except after an answer that is no stream (a 502 during a restart).
      if (source.readyState === EventSource.CLOSED) setTimeout(open, RETRY_MS, stream);
    });
    for (const [type, receivers] of stream.receivers) {
      source.addEventListener(type, (event) => {
        stream.after = event.lastEventId || stream.after;
        for (const receiver of receivers) receiver(event);
      });
    }
    if (!stream.opened) tell("connecting");
    stream.opened = true;
  };

  // ---- Announcements, a few at a time: a screen reader must not drown.

  const region = make("div", "visually-hidden");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  let unsaid = [];

  const announce = (text) => {
    unsaid.push(text);
    if (unsaid.length > 1) return;
    setTimeout(() => {
      region.textContent =
        unsaid.length > ANNOUNCE_MOST ? `${unsaid.length} nieuwe berichten in de lijst` : unsaid.join(". ");
      unsaid = [];
    }, ANNOUNCE_AFTER_MS);
  };

  // ---- Lists that grow: [data-stream].

  const safeLink = (href) => {
    if (!href) return null;
    const address = new URL(href, location.href);
    return address.protocol === "https:" || address.protocol === "http:" ? href : null;
  };

  /** The same as the macro `activity_item`, and class `new`. */
  const activityItem = (item) => {
    const line = make("li", "new");
    line.dataset.type = item.type;
    line.dataset.id = item.id;
    const text = make("p", "activity-text");
    const href = safeLink(item.href);
    if (href) {
      const link = make("a", "", item.text);
      link.setAttribute("href", href);
      text.append(link);
    } else {
      text.textContent = item.text;
    }
    const meta = make("p", "activity-meta");
    const time = make("time", "", item.timeText);
    time.setAttribute("datetime", item.time);
    meta.append(make("span", "activity-kind", item.kindLabel), " ", time);
    line.append(text, meta);
    return line;
  };

  const followList = (list) => {
    const keep = Number(list.dataset.keep) || 50;
    let waiting = [];

    const add = (item) => {
      if ([...list.children].some((line) => line.dataset.id === String(item.id))) return;
      list.prepend(activityItem(item));
      while (list.children.length > keep) list.lastElementChild.remove();
      announce(item.text);
    };

    onResume.push(() => {
      const items = waiting;
      waiting = [];
      items.forEach(add);
    });

    const stream = streamOf(list.dataset.stream, list.dataset.after);
    for (const type of words(list.dataset.events || "activity")) {
      receive(stream, type, (event) => {
        const item = JSON.parse(event.data);
        if (!paused) {
          add(item);
          return;
        }
        waiting = [...waiting, item].slice(-keep);
        hold();
      });
    }
    const show = indicator(list.dataset.live);
    if (show) stream.shows.add(show);
  };

  // ---- Parts of the page that are fetched again: [data-refresh-on].

  const due = new Set();
  let timer = null;
  let fetching = false;
  let lastFetch = -Infinity;

  const schedule = (delay) => {
    if (paused || fetching || timer !== null || due.size === 0) return;
    timer = setTimeout(refresh, delay ?? Math.max(0, lastFetch + REFRESH_EVERY_MS - performance.now()));
  };

  const refresh = async () => {
    timer = null;
    if (paused) return;
    const ids = [...due];
    due.clear();
    fetching = true;
    lastFetch = performance.now();
    let delay;
    try {
      const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
      if (answer.status >= 500) throw new Error(`status ${answer.status}`);
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ids) replace(document.getElementById(id), fresh.getElementById(id));
      }
    } catch {
      for (const id of ids) due.add(id);
      delay = RETRY_MS;
    }
    fetching = false;
    schedule(delay);
  };

  const shown = new WeakMap();
  const REACHABLE = "a[href], button, input, select, summary, [tabindex]";

  /** New content in the same element; focus, open details and scroll position stay where they were. */
  const replace = (element, fresh) => {
    if (!element || !fresh || shown.get(element) === fresh.innerHTML) return;
    shown.set(element, fresh.innerHTML);
    const all = (selector) => [...element.querySelectorAll(selector)];
    const focus = all(REACHABLE).indexOf(document.activeElement);
    const opened = all("details").map((one) => one.open);
    const scrolled = all(".scroll").map((one) => one.scrollLeft);
    const before = all("td").map((cell) => cell.textContent);

    element.replaceChildren(...fresh.childNodes);

    all("details").forEach((one, at) => (one.open = opened[at] ?? one.open));
    all(".scroll").forEach((one, at) => (one.scrollLeft = scrolled[at] ?? 0));
    const cells = all("td");
    if (cells.length === before.length) {
      cells.forEach((cell, at) => cell.classList.toggle("new", cell.textContent !== before[at]));
    }
    if (focus >= 0) all(REACHABLE)[focus]?.focus({ preventScroll: true });
  };

  onResume.push(() => schedule());

  const followPart = (element) => {
    const stream = streamOf(element.dataset.refreshStream, element.dataset.after);
    for (const type of words(element.dataset.refreshOn)) {
      receive(stream, type, () => {
        if (paused && !due.has(element.id)) hold();
        due.add(element.id);
        schedule();
      });
    }
    // What happened after this page was made and before the stream was open was told to nobody.
    stream.onOpen.push(() => {
      due.add(element.id);
      schedule();
    });
    const show = indicator(element.dataset.live);
    if (show) stream.shows.add(show);
    shown.set(element, element.innerHTML);
  };

  document.querySelectorAll("[data-stream]").forEach(followList);
  document.querySelectorAll("[data-refresh-on][data-refresh-stream][id]").forEach(followPart);
  showPause();
  streams.forEach(open);
})();
