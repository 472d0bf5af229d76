// What runs inside the page to measure it; nothing of the product knows of it.

/** Notes when what fits `selector` is first painted: `sight` of the page resolves with the
 * milliseconds since the navigation began. */
export function watchFor(selector) {
  globalThis.sight = new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector(selector)) return false;
      watcher.disconnect();
      // The task after the next frame: what was there has been painted.
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      return true;
    };
    const watcher = new MutationObserver(look);
    look() || watcher.observe(document, { childList: true, subtree: true, attributes: true });
  });
}

/** Gathers the browser's Event Timing and its long frames; see `taken` and `sinceInput`. */
export function watchInputs() {
  const events = [];
  const frames = [];
  const take = (list) => {
    for (const { interactionId, name, startTime, duration, processingStart, processingEnd } of list)
      if (interactionId > 0)
        events.push({
          interactionId,
          name,
          duration,
          waited: processingStart - startTime,
          worked: processingEnd - processingStart,
        });
  };
  const seen = new PerformanceObserver((list) => take(list.getEntries()));
  seen.observe({ type: "event", durationThreshold: 16 });
  const long = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) frames.push(duration);
  });
  long.observe({ type: "long-animation-frame" });

  /** What was gathered since the last time, and how many inputs the browser counted in all. */
  globalThis.taken = () => {
    take(seen.takeRecords());
    return {
      events: events.splice(0),
      frames: frames.splice(0),
      count: performance.interactionCount,
    };
  };

  /** From the next trusted input that asks anew until the new rows are painted, in ms. */
  globalThis.sinceInput = () =>
    new Promise((resolve) => {
      let began = 0;
      let isStale = false;
      const note = (event) => {
        began = event.timeStamp;
      };
      const kinds = ["click", "keydown"];
      for (const kind of kinds) addEventListener(kind, note, { capture: true });
      const look = () => {
        const stale = document.querySelector("[role=grid][data-stale]") !== null;
        if (stale) isStale = true;
        if (stale || !isStale) return;
        watcher.disconnect();
        for (const kind of kinds) removeEventListener(kind, note, { capture: true });
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
      };
      const watcher = new MutationObserver(look);
      watcher.observe(document, { childList: true, subtree: true, attributes: true });
    });
}

/** Intervals between frames while `globalThis.isScrolling`, in ms. */
export function watchFrames() {
  return new Promise((resolve) => {
    const gaps = [];
    let last = 0;
    const next = (now) => {
      if (last > 0) gaps.push(now - last);
      last = now;
      if (globalThis.isScrolling) requestAnimationFrame(next);
      else resolve(gaps);
    };
    requestAnimationFrame(next);
  });
}
