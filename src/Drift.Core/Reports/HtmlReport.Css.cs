namespace Drift;

static partial class HtmlReport
{
    // One prefix, variables for both themes, every pair of text and ground at least 4.5 : 1; print drops the colours' grounds and keeps rows together.
    const string Css = """
        .d-report{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--now:#4c8dd6;--bad:#b3261e;--warn:#8a5300;--good:#1a6b33;
        color:var(--ink);background:var(--paper);font:14px/1.45 system-ui,sans-serif;padding:1rem;max-width:76rem;margin:auto;text-align:left}
        @media(prefers-color-scheme:dark){.d-report{--ink:#e6edf3;--soft:#9da7b3;--line:#3d444d;--paper:#0d1117;--now:#3b73b9;--bad:#ff8f87;--warn:#f0b35a;--good:#6fd08c}}
        .d-report h1{font-size:1.5rem;margin:0}.d-report h2{font-size:1.1rem;margin:1.6rem 0 .4rem}.d-report h3{font-size:1rem;margin:1.2rem 0 .3rem}
        .d-report p{margin:.3rem 0}.d-scroll{overflow-x:auto}
        .d-report table{border-collapse:collapse;width:100%}.d-report th,.d-report td{border-bottom:1px solid var(--line);padding:.25rem .6rem .25rem 0;text-align:left;vertical-align:middle;font-weight:400}
        .d-report thead th{color:var(--soft);font-size:.85em}.d-report tbody th{font-weight:600;overflow-wrap:break-word;max-width:16rem}.d-report article svg{max-width:100%;height:auto}
        .d-report .d-n{text-align:right;padding-right:1.2rem;font-variant-numeric:tabular-nums;white-space:nowrap}.d-report .d-t{white-space:nowrap}.d-report .d-s{color:var(--soft)}
        .d-report b{font-weight:600}.d-critical{color:var(--bad)}.d-warning{color:var(--warn)}.d-ok{color:var(--good)}
        .d-now{fill:var(--now)}.d-ref{fill:none;stroke:currentColor;stroke-width:1.5}.d-tip{fill:transparent}.d-tip:hover{fill:currentColor;fill-opacity:.12}
        .d-line{fill:none;stroke:var(--now);stroke-width:1.5}.d-limit{fill:none;stroke:var(--bad);stroke-dasharray:3 2}
        .d-report pre{max-height:18rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8em}
        @media print{.d-report{--ink:#000;--paper:#fff;--soft:#333;max-width:none;padding:0}.d-report tr,.d-report section article{break-inside:avoid}.d-report details{display:none}}
        """;
}
