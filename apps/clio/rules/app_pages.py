"""Where records are in Clio's own application: its routes, as people's browsers show them (public code of 2025)."""


def app_page(host: str, kind: str, clio_id: int | None = None) -> str:
    """Return the address of a page of Clio's application. kind: bills, matters, contacts or activities.

    Without an id it is the list. Time and expense entries have no page of their own.
    """
    return f"{host}/nc/#/{kind}" if clio_id is None else f"{host}/nc/#/{kind}/{clio_id}"
