"""The look of the page at the root, light and dark."""

STYLE = """
:root{color-scheme:light dark;--ground:#f5f7fa;--card:#fff;--ink:#14243a;--soft:#51657f;--line:#dbe3ec;--accent:#0b5cad;
--good:#0f6b3c;--bad:#a12622;--wait:#8a5a00}
@media(prefers-color-scheme:dark){:root{--ground:#0f1722;--card:#172231;--ink:#e7eef7;--soft:#9fb2c8;--line:#2a394c;
--accent:#7ab8f5;--good:#6fd39c;--bad:#ff9a94;--wait:#f0c36d}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}header{padding-top:2.5rem}
h1{font-size:clamp(1.6rem,4vw,2.2rem);line-height:1.2;margin:.2rem 0 .6rem}h2{font-size:1.2rem;margin:0 0 .25rem}
p{margin:.35rem 0;color:var(--soft);overflow-wrap:anywhere}
.mark{font-size:.78rem;letter-spacing:.08em;text-transform:uppercase}
code{font:0.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--ink)}
a{color:var(--accent)}a code{color:inherit}
.base code{margin-right:.9rem}.tiles{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));
margin:1.5rem 0}.tiles div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.9rem 1rem;
display:flex;flex-direction:column-reverse;
justify-content:flex-end}.tiles dt{color:var(--soft);font-size:.85rem}
.tiles dd{margin:0;font-size:1.5rem;font-weight:650;font-variant-numeric:tabular-nums}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem 1.4rem;
margin:0 0 1.25rem}
.scroll{overflow-x:auto;margin:.75rem -.4rem 0;border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;padding:.42rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;white-space:nowrap}tbody tr:last-child td{border-bottom:0}
td code{white-space:nowrap}td code.long{white-space:normal;overflow-wrap:anywhere}
.number{text-align:right;font-variant-numeric:tabular-nums}.no,.none{color:var(--soft)}
.verb{font:600 .78rem ui-monospace,Menlo,Consolas,monospace;color:var(--accent)}
.state{font-weight:600}.enabled{color:var(--good)}.suspended{color:var(--bad)}.pending{color:var(--wait)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-9999px}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
footer{padding:0 1.25rem 2.5rem}
@media(max-width:40rem){section{padding:1rem}header{padding-top:1.5rem}}
"""
