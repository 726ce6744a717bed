"""Blocks as HTML that every mail program can show: tables, classes, no style of its own (inline_css.py adds it)."""

from collections.abc import Sequence
from html import escape

from apps.notifications.rendering.blocks import (
    Block,
    Button,
    CodeBox,
    Each,
    Figures,
    Heading,
    Items,
    Note,
    Paragraph,
    Row,
    Steps,
)
from apps.notifications.rendering.inline import Link, Strong, Values, pieces_of
from apps.notifications.rendering.language import lines_of
from apps.notifications.rules.forms import Form, has_form

_TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="{}">'


def to_html(blocks: Sequence[Block], values: Values) -> str:
    """Return the blocks one after another. Every value is escaped. Raises WordingRefused."""
    return "\n".join(_block(block, values) for block in blocks)


def _block(block: Block, values: Values) -> str:
    match block:
        case Heading(text):
            return f'<h1 class="title">{_inline(text, values)}</h1>'
        case Paragraph(text):
            return f'<p class="text">{_inline(text, values)}</p>'
        case Note(text):
            return f'{_TABLE.format("note-table")}<tr><td class="note">{_inline(text, values)}</td></tr></table>'
        case CodeBox(text):
            return f'{_TABLE.format("code-table")}<tr><td class="code">{values.escaped(text)}</td></tr></table>'
        case Button():
            return _button(block, values)
        case Steps():
            return _steps(block, values)
        case Items():
            return _items(block, values)
        case Figures():
            return _figures(block, values)


def _inline(text: str, values: Values) -> str:
    shown = []
    for piece in pieces_of(text):
        match piece:
            case Strong(words):
                shown.append(f'<strong class="strong">{values.escaped(words)}</strong>')
            case Link(label, address):
                shown.append(_link(values.escaped(label), values.address(address)))
            case str():
                shown.append(values.escaped(piece))
    return "".join(shown)


def _link(label: str, address: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener" class="link">{label}</a>'


def _button(button: Button, values: Values) -> str:
    address = escape(values.address(button.address))
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0" class="button-table"><tr>'
        f'<td class="button"><a href="{address}" target="_blank" rel="noopener" class="button-link">'
        f"{values.escaped(button.label)}</a></td></tr></table>\n"
        '<p class="address">Or copy this address into your browser:<br>'
        f'<a href="{address}" target="_blank" rel="noopener" class="address-link">{address}</a></p>'
    )


def _steps(steps: Steps, values: Values) -> str:
    rows = "".join(
        f'<tr><td class="step step-number" valign="top">{step.number}</td><td class="step" valign="top">'
        f'<p class="step-title">{_inline(step.title, values)}</p><p class="step-text">{_inline(step.text, values)}</p>'
        "</td></tr>"
        for step in steps.steps
    )
    return f"{_TABLE.format('steps')}{rows}</table>"


def _items(items: Items, values: Values) -> str:
    shown: list[str] = []
    for item in items.items:
        shown += _each_item(item, values) if isinstance(item, Each) else [_inline(item, values)]
    return '<ul class="list">' + "".join(f'<li class="item">{item}</li>' for item in shown) + "</ul>"


def _each_item(each: Each, values: Values) -> list[str]:
    return [
        _link(escape(cells[0]), cells[1])
        if has_form(Form.ADDRESS, cells[-1]) and len(cells) == 2
        else escape(" ".join(cells))
        for cells in lines_of(values.lines(each.placeholder))
    ]


def _figures(figures: Figures, values: Values) -> str:
    rows: list[str] = []
    for row in figures.rows:
        if isinstance(row, Each):
            rows += [
                _cells([escape(cell) for cell in cells], "td") for cells in lines_of(values.lines(row.placeholder))
            ]
        else:
            rows.append(_row(row, values))
    # A real table with a real reading order, so no presentation role.
    return f'<table width="100%" cellpadding="0" cellspacing="0" border="0" class="figures">{"".join(rows)}</table>'


def _row(row: Row, values: Values) -> str:
    return _cells([_inline(cell, values) for cell in row.cells], "th" if row.is_head else "td")


def _cells(cells: Sequence[str], tag: str) -> str:
    first = "label" if tag == "td" else "label head"
    rest = "figure" if tag == "td" else "figure head"
    others = "".join(f'<{tag} class="{rest}" align="right" valign="top">{cell}</{tag}>' for cell in cells[1:])
    return f'<tr><{tag} class="{first}" align="left" valign="top">{cells[0]}</{tag}>{others}</tr>'
