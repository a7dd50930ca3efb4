// Keeps a page as fresh as the store: the server says that something changed, the page asks for itself again and puts the new main part in place.
// Without this script every page works; it then asks again by itself now and then.
(() => {
  'use strict';
  const state = document.getElementById('live');
  const say = (word, text) => { if (state) { state.className = 'live ' + word; state.textContent = text; } };
  const main = () => document.getElementById('main');
  let touched = false, wanted = false, busy = false;

  document.addEventListener('input', e => { if (e.target.closest('#main form')) touched = true; });
  document.addEventListener('submit', e => {
    for (const button of e.target.querySelectorAll('button')) setTimeout(() => { button.disabled = true; }, 0);
    main().setAttribute('aria-busy', 'true');
  });
  // A cell of the heat map leads to its column in its window.
  document.addEventListener('click', e => {
    const cell = e.target.closest('.map td');
    if (!cell) return;
    const head = cell.closest('table').tHead.rows[0].cells[cell.cellIndex], link = cell.parentElement.querySelector('th a');
    if (head?.dataset.start && link) location.assign(link.href + '&window=' + encodeURIComponent(head.dataset.start));
  });

  const keep = root => ({
    open: [...root.querySelectorAll('details[id]')].filter(d => d.open).map(d => d.id),
    scroll: [...root.querySelectorAll('.scroll')].map(s => [s.scrollLeft, s.scrollTop]),
    focus: root.contains(document.activeElement) ? [...root.querySelectorAll('a,button,summary,input,select,textarea,.scroll')].indexOf(document.activeElement) : -1,
  });
  const restore = (root, kept) => {
    for (const id of kept.open) { const d = root.querySelector('#' + CSS.escape(id)); if (d) d.open = true; }
    root.querySelectorAll('.scroll').forEach((s, i) => { if (kept.scroll[i]) [s.scrollLeft, s.scrollTop] = kept.scroll[i]; });
    if (kept.focus >= 0) root.querySelectorAll('a,button,summary,input,select,textarea,.scroll')[kept.focus]?.focus({ preventScroll: true });
  };

  async function refresh() {
    if (busy) { wanted = true; return; }
    if (touched || document.hidden || main().dataset.live === 'no') { wanted = true; return; }
    busy = true; wanted = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('main');
      if (fresh && !touched) { const old = main(), kept = keep(old); old.replaceWith(fresh); restore(fresh, kept); }
      say('on', 'live');
    } catch { say('off', 'no answer, trying again'); wanted = true; }
    busy = false;
  }

  document.addEventListener('visibilitychange', () => { if (wanted) refresh(); });
  const events = new EventSource('/events');
  events.addEventListener('open', () => { say('on', 'live'); if (wanted) refresh(); });
  events.addEventListener('error', () => { say('off', 'no connection, trying again'); wanted = true; });
  events.addEventListener('changed', refresh);
  events.addEventListener('progress', () => { if (main().dataset.live === 'progress') refresh(); });
  setInterval(() => { if (wanted && !touched) refresh(); }, 5000);
})();
