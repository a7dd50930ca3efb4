namespace Drift.Worker.Web.Pages;

/// <summary>The one style sheet: light and dark by the reader's setting, contrast of at least 4.5:1, no information by colour alone.</summary>
static class StyleSheet
{
    public const string Text = """
        :root { color-scheme: light dark; --ink: #1a1d21; --soft: #555d66; --paper: #fff; --line: #d5dae0; --link: #0b57a4; --ok: #1c6b33; --warning: #8a5300; --critical: #b3151b; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #aab2bb; --paper: #15181c; --line: #363c44; --link: #8ab8f5; --ok: #7fd197; --warning: #f2b94b; --critical: #ff8f8a; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        a { color: var(--link); }
        a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .skip { position: absolute; left: -100vw; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .25rem .5rem; }
        header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
        header nav { display: flex; flex-wrap: wrap; gap: 1rem; }
        .brand { font-weight: 700; font-size: 1.25rem; color: var(--ink); text-decoration: none; }
        main { max-width: 75rem; margin: 0 auto; padding: 0 1rem 2rem; }
        h1 { font-size: 1.4rem; margin: 1.25rem 0 .5rem; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; }
        .alerts { list-style: none; padding: 0; margin: 0; }
        .alerts li { border-left: 4px solid var(--line); padding: .35rem .75rem; margin: .35rem 0; overflow-wrap: anywhere; }
        .alerts a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
        .alerts a:hover { text-decoration-color: currentColor; }
        .alerts .critical { border-color: var(--critical); }
        .alerts .warning, .alerts .pending { border-color: var(--warning); }
        .alerts .resolved { border-color: var(--ok); }
        .badge { font-size: .8rem; font-weight: 600; border: 1px solid currentColor; border-radius: 1rem; padding: .05rem .55rem; white-space: nowrap; color: var(--soft); }
        .critical .badge, .badge.critical, .badge.firing { color: var(--critical); }
        .warning .badge, .badge.warning, .pending .badge, .badge.pending { color: var(--warning); }
        .resolved .badge, .badge.ok { color: var(--ok); }
        .empty, footer, caption { color: var(--soft); }
        .scroll { overflow-x: auto; margin: .75rem 0; }
        table { border-collapse: collapse; width: 100%; }
        caption { text-align: left; padding: .25rem 0; }
        th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        tbody th { font-weight: 500; }
        td:last-child { overflow-wrap: anywhere; }
        .num { text-align: right; font-variant-numeric: tabular-nums; }
        .map td { padding: .15rem .35rem; }
        .map td a { color: inherit; text-decoration: none; display: block; }
        .map td a:hover { text-decoration: underline; }
        .map .warning { background: color-mix(in srgb, var(--warning) 18%, var(--paper)); font-weight: 700; }
        .map .critical { background: color-mix(in srgb, var(--critical) 22%, var(--paper)); font-weight: 700; }
        figure { margin: .75rem 0; max-width: 48rem; }
        figcaption { color: var(--soft); font-size: .9rem; }
        .history { width: 100%; height: auto; border: 1px solid var(--line); }
        .history polyline { fill: none; stroke: var(--link); stroke-width: 2; }
        .history circle { fill: var(--link); }
        .history line { stroke-dasharray: 5 4; }
        .history line.warning { stroke: var(--warning); }
        .history line.critical { stroke: var(--critical); }
        .history text { font-size: 10px; }
        .history text.warning { fill: var(--warning); }
        .history text.critical { fill: var(--critical); }
        .bars { width: 12rem; height: 1rem; display: block; }
        .bars .then { fill: var(--soft); }
        .bars .now { fill: var(--link); }
        footer { margin-top: 2rem; font-size: .9rem; }
        @media print { header nav, .skip { display: none; } .scroll { overflow: visible; } }
        """;
}
