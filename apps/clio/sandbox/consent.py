"""The page on which a firm's user allows or declines an application."""

from html import escape

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;
background:linear-gradient(160deg,#e8eff7,#f7f9fb 60%);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;
color:#14243a}main{width:min(28rem,calc(100vw - 2rem));background:#fff;border:1px solid #dbe3ec;border-radius:14px;
padding:2rem 2.25rem;box-shadow:0 18px 48px rgba(20,36,58,.10)}h1{font-size:1.3rem;line-height:1.3;margin:0 0 .5rem}
p{margin:.5rem 0}ul{margin:1rem 0;padding:1rem 1rem 1rem 2.2rem;background:#f4f7fa;border-radius:10px}
.mark{font-size:.78rem;letter-spacing:.08em;text-transform:uppercase;color:#51657f;margin-bottom:1rem}
.acts{display:flex;gap:.75rem;margin-top:1.5rem}button{flex:1;font:inherit;font-weight:600;padding:.7rem;
border-radius:9px;border:1px solid #b8c6d6;background:#fff;color:#14243a;cursor:pointer}
button.go{background:#0b5cad;border-color:#0b5cad;color:#fff}button:focus-visible{outline:3px solid #7ab3ea;
outline-offset:2px}small{color:#51657f}
"""
READS = ("Users and contacts", "Matters and practice areas", "Time and expense entries", "Bills and payments")


def consent_page(firm_name: str, user_name: str, application: str, fields: dict[str, str]) -> str:
    """Return the page with an Allow and a Decline button; `fields` come back with the form."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    reads = "".join(f"<li>{each}</li>" for each in READS)
    return _page(
        "Allow access",
        f"""<h1>{escape(application)} wants to connect to {escape(firm_name)}</h1>
<p>You are signed in as {escape(user_name)}. It will be able to read:</p><ul>{reads}</ul>
<form method="post" action="/oauth/authorize">{hidden}<div class="acts">
<button name="decision" value="decline">Decline</button>
<button class="go" name="decision" value="allow">Allow</button></div></form>
<p><small>This is the local Clio sandbox. No real account is involved.</small></p>""",
    )


def message_page(title: str, text: str) -> str:
    """Return a page that only says something."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · Clio sandbox</title><style>{STYLE}</style></head>"
        f'<body><main><div class="mark">Clio sandbox</div>{content}</main></body></html>'
    )
