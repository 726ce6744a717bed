"""List the names a template looks up, in branches not taken too."""

from collections.abc import Iterator
from typing import Any

from django.template import Template
from django.template.base import FilterExpression, Node, NodeList, Variable
from django.template.defaulttags import ForNode, IfNode, WithNode
from django.template.loader_tags import ExtendsNode, IncludeNode

from apps.notifications.rendering.templates import get_template

_LOOP = ("forloop.first", "forloop.last", "forloop.counter")


def names_in(template: Template) -> set[str]:
    """Return every name a template, its layout and its parts take from the context; a walk `a.b` comes whole."""
    return _of_nodes(template.nodelist)


def _of_nodes(nodes: NodeList) -> set[str]:
    return {name for node in nodes for name in _of_node(node)}


def _of_node(node: Node) -> set[str]:
    inner = {name for nodes in _nested(node) for name in _of_nodes(nodes)}
    return (inner - _bound(node)) | {name for value in _expressions(node) for name in _of_expression(value)}


def _nested(node: Node) -> Iterator[NodeList]:
    for attribute in node.child_nodelists:
        nested = getattr(node, attribute, None)
        if isinstance(nested, NodeList):
            yield nested
    if isinstance(node, ExtendsNode):
        yield get_template(_path(node.parent_name)).nodelist
    if isinstance(node, IncludeNode):
        yield get_template(_path(node.template)).nodelist


def _path(expression: object) -> str:
    """A path that is a variable is nobody's template: it comes out as a missing one."""
    return str(getattr(expression, "var", expression))


def _bound(node: Node) -> set[str]:
    if isinstance(node, ForNode):
        return {*node.loopvars, *_LOOP}
    return set(node.extra_context) if isinstance(node, IncludeNode | WithNode) else set()


def _expressions(node: Node) -> Iterator[FilterExpression]:
    yield from (value for value in vars(node).values() if isinstance(value, FilterExpression))
    if isinstance(node, IncludeNode | WithNode):
        yield from node.extra_context.values()
    if isinstance(node, IfNode):
        for condition, _ in node.conditions_nodelists:
            yield from _of_condition(condition)


def _of_condition(condition: Any) -> Iterator[FilterExpression]:
    """`if` keeps a tree: a literal holds an expression, an operator its one or two sides; `else` has None."""
    if isinstance(getattr(condition, "value", None), FilterExpression):
        yield condition.value
    for side in ("first", "second"):
        if getattr(condition, side, None) is not None:
            yield from _of_condition(getattr(condition, side))


def _of_expression(expression: FilterExpression) -> Iterator[str]:
    arguments = [value for _, given in expression.filters for is_lookup, value in given if is_lookup]
    for variable in (expression.var, *arguments):
        if isinstance(variable, Variable) and variable.lookups is not None:
            yield ".".join(variable.lookups)
