"""Addresses and permission rows of every kind of record, made from the declarations."""

from collections.abc import Mapping

from django.urls import URLPattern, path

from apps.clio.api.records.views import list_view_of, one_view_of
from apps.clio.queries.records.declaration import Kind, RecordKind
from apps.clio.queries.records.kinds import RECORD_KINDS
from apps.core.permissions import Audience, KeyScope, Rule


def _paths(kind: RecordKind) -> list[URLPattern]:
    base = f"firms/<uuid:firm_id>/{kind.name}"
    converter = "str" if kind.key_kind is Kind.KEY else "int"
    return [
        path(base, list_view_of(kind).as_view(), name=f"firm-records-{kind.name}"),
        path(f"{base}/<{converter}:clio_id>", one_view_of(kind).as_view(), name=f"firm-records-{kind.one}"),
    ]


def _rows(kind: RecordKind) -> dict[str, Mapping[str, Rule]]:
    rule = Rule(Audience.FIRM, permission=kind.permission, key_scope=KeyScope.RECORDS)
    return {f"firm-records-{kind.name}": {"GET": rule}, f"firm-records-{kind.one}": {"GET": rule}}


record_paths = [each for kind in RECORD_KINDS for each in _paths(kind)]
record_permissions = {name: rule for kind in RECORD_KINDS for name, rule in _rows(kind).items()}
