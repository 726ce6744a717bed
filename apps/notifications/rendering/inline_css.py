"""Put a style sheet's declarations onto the elements themselves: many mail programs read nothing else."""

import re

_RULE = re.compile(r"\.([a-z-]+)\s*\{([^}]*)\}")
_CLASSES = re.compile(r'class="([a-z -]+)"')


def inline_css(html: str, css: str) -> str:
    """Give every element with classes the declarations of those classes, in the order of its class attribute.

    Only rules of one plain class are known. Classes stay, for the media queries of the page's own style element. A
    value from outside cannot pose as a class attribute: its quotation marks are escaped.
    """
    rules = {name: " ".join(body.split()) for name, body in _RULE.findall(css)}

    def with_style(match: re.Match[str]) -> str:
        style = " ".join(rules[name] for name in match[1].split() if name in rules)
        return f'{match[0]} style="{style}"' if style else match[0]

    return _CLASSES.sub(with_style, html)
