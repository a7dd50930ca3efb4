// What a reader with a keyboard, a screen reader or weak eyes needs, checked on the page as the browser made it. Returns a list of complaints.
(() => {
  const wrong = [], say = (what, e) => wrong.push(what + (e ? ': ' + e.outerHTML.slice(0, 160) : ''));
  const all = s => [...document.querySelectorAll(s)];
  const shown = e => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getClientRects().length > 0;
  const name = e => (e.getAttribute('aria-label') || [...(e.getAttribute('aria-labelledby') || '').split(/\s+/)].map(i => document.getElementById(i)?.textContent || '').join(' ') || e.textContent || e.querySelector('img')?.alt || e.title || '').trim();

  if (!document.documentElement.lang) say('no language');
  if (!document.title.trim()) say('no title');
  for (const [what, selector] of [['main', 'main'], ['h1', 'h1']]) if (all(selector).length !== 1) say(`${all(selector).length} of ${what}`);
  for (const landmark of ['header', 'nav', 'footer']) if (!all(landmark).length) say('no ' + landmark);
  for (const nav of all('nav')) if (!nav.getAttribute('aria-label')) say('nav without a name', nav);
  let level = 0;
  for (const h of all('h1,h2,h3,h4').filter(shown)) { const n = +h.tagName[1]; if (n > level + 1) say('a heading level is left out', h); level = n; }
  const ids = all('[id]').map(e => e.id);
  for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) say('the id ' + id + ' stands twice');
  for (const attribute of ['aria-labelledby', 'aria-controls', 'aria-describedby'])
    for (const e of all(`[${attribute}]`)) for (const id of e.getAttribute(attribute).split(/\s+/)) if (!document.getElementById(id)) say(`${attribute} leads nowhere`, e);
  for (const e of all('input,select,textarea')) if (e.type !== 'hidden' && !e.labels.length && !e.getAttribute('aria-label')) say('a field without a label', e);
  for (const e of all('a,button,summary')) if (!name(e)) say('nothing says what this does', e);
  for (const e of all('section,form,[role=region]')) if ((e.hasAttribute('aria-label') || e.hasAttribute('aria-labelledby') || e.getAttribute('role') === 'region') && !name(e)) say('a region without a name', e);
  for (const e of all('img')) if (!e.hasAttribute('alt')) say('a picture without words', e);
  for (const e of all('svg')) if (!e.closest('[aria-hidden=true]') && !(e.getAttribute('role') === 'img' && e.getAttribute('aria-label'))) say('a drawing without words', e);
  for (const e of all('th')) if (!e.scope) say('a table heading without scope', e);
  for (const e of all('table')) if (!e.caption && !e.getAttribute('aria-label')) say('a table without a caption', e);
  for (const e of all('[tabindex]')) if (e.tabIndex > 0) say('a tab order of its own', e);
  for (const e of all('.scroll')) if (e.scrollWidth > e.clientWidth && e.tabIndex !== 0) say('scrolls, but not by keyboard', e);
  for (const e of all('.badge')) if (!/[a-z]/.test(e.textContent)) say('a state by colour alone', e);
  for (const e of all('.map td.w,.map td.x')) if (getComputedStyle(e, '::before').content.length < 3) say('a verdict by colour alone', e);
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth + 1) say(`the page is ${document.documentElement.scrollWidth} wide in a window of ${document.documentElement.clientWidth}`);

  const parse = c => { const n = (c.match(/[\d.]+/g) || []).map(Number); return { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 }; };
  const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
  const light = c => { const f = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(c.r) + .7152 * f(c.g) + .0722 * f(c.b); };
  const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? { r: 18, g: 18, b: 18, a: 1 } : { r: 255, g: 255, b: 255, a: 1 };
  const ground = e => { const above = []; for (let n = e; n; n = n.parentElement) { const c = parse(getComputedStyle(n).backgroundColor); if (c.a > 0) above.push(c); if (c.a === 1) break; } return above.reverse().reduce((under, c) => over(c, under), canvas); };
  let texts = 0, least = 21;
  const seen = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(e) || e.closest('title,script,style,noscript,option')) continue;
    seen.add(e);
    if (!shown(e)) continue;
    const style = getComputedStyle(e), back = ground(e), ink = over(parse(e.closest('svg') ? style.fill : style.color), back);
    const a = light(ink), b = light(back), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(style.fontSize);
    texts++; least = Math.min(least, ratio);
    if (ratio < (size >= 24 || (size >= 18.66 && +style.fontWeight >= 700) ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}`, e);
  }
  return { wrong: [...new Set(wrong)].slice(0, 20), texts, least };
})()
