"""What is not well with a firm's connection, in sentences a law office understands: plain values in, words out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from apps.clio.contracts import Concern, ConnectionStatus, EntityHealth
from apps.clio.rules.reconciling import is_worth_telling

FAILING_AFTER = timedelta(hours=6)
SELDOM_FAILING_AFTER = timedelta(hours=54)  # for what is read once a day
SILENT_AFTER = timedelta(hours=24)
SILENT_CHANGES = 20
_INCOMPLETE = "Figures for the whole firm would be too low."


def label_of(entity: str) -> str:
    """Return an entity's name for people: "Line items"."""
    return entity.replace("_", " ").capitalize()


def lag_in_words(seconds: float) -> str:
    """Return an age for people: "3 minutes", "5 hours", "2 days"."""
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "less than a minute"


def concern_of_connection(status: ConnectionStatus | None, *, clio_user: str) -> Concern | None:
    """Return what is wrong with the connection itself."""
    if status is None or status is ConnectionStatus.DISCONNECTED:
        return Concern("not_connected", True, "The firm is not connected to Clio.", "An administrator can connect it.")
    if status is ConnectionStatus.REVOKED:
        who = clio_user or "An administrator"
        advice = f"{who}, or another administrator of the firm in Clio, connects again; nothing is lost by it."
        return Concern("revoked", True, "Clio no longer accepts our connection; the numbers stand still.", advice)
    return None


def concern_of_run(*, reason: str, detail: str, is_parked: bool, is_answering: bool) -> Concern | None:
    """Return what keeps a sync from going on at this moment."""
    if is_parked and reason == "clio.sync_not_in_plan":
        return Concern("parked", True, "The plan does not allow a sync at the moment.", "Choose a plan under Billing.")
    if is_parked:
        return Concern("parked", True, f"The sync is waiting: {detail}", "It goes on by itself once that is mended.")
    if not is_answering:
        advice = "There is nothing to do: we ask again every few minutes, and no change gets lost."
        return Concern("clio_away", False, "Clio is not answering at the moment.", advice)
    return None


def concern_of_age(entities: Sequence[EntityHealth], *, now: datetime, seldom: Sequence[str]) -> Concern | None:
    """Return which kinds of records were not read for long."""
    late = [
        each
        for each in entities
        if each.lag_seconds is not None
        and not each.refused
        and each.lag_seconds > (SELDOM_FAILING_AFTER if each.entity in seldom else FAILING_AFTER).total_seconds()
    ]
    if not late:
        return None
    oldest = max(late, key=lambda each: each.lag_seconds or 0)
    title = f"{_listed([each.label for each in late])} could not be read for {lag_in_words(oldest.lag_seconds or 0)}."
    return Concern("failing", True, title, "We keep trying. Reports say how old their numbers are.", len(late))


def concerns_of_sight(
    *, hours: int, rates: int, contacts: int, matters: int, refused: Sequence[str], clio_user: str
) -> list[Concern]:
    """Return what Clio hides from the connected user, and what to change in Clio."""
    who = clio_user or "the connected user"
    found = []
    if refused:
        listed = _listed([label_of(each).lower() for each in refused])
        advice = f"In Clio, give {who} the right to see them, and the application its permission; then connect again."
        found.append(Concern("refused", True, f"Clio does not let us read {listed}.", advice, len(refused)))
    if hours:
        title = f"Clio hides the hours of {hours:,} time entries from us. {_INCOMPLETE}"
        advice = f'In Clio, under Settings, set the visibility of hours for {who} to "All".'
        found.append(Concern("hidden_hours", True, title, advice, hours))
    if rates:
        title = f"Clio hides the rates and amounts of {rates:,} time entries from us. {_INCOMPLETE}"
        advice = f'In Clio, under Settings, set the visibility of rates for {who} to "All".'
        found.append(Concern("hidden_rates", True, title, advice, rates))
    if contacts:
        title = f"Clio hides {contacts:,} clients from us: their matters are shown without them."
        advice = f"In Clio, give {who} access to all contacts."
        found.append(Concern("hidden_contacts", False, title, advice, contacts))
    if matters:
        title = f"Clio hides {matters:,} matters from us that bills name. {_INCOMPLETE}"
        advice = f"In Clio, add {who} to the groups that may see these matters."
        found.append(Concern("hidden_matters", True, title, advice, matters))
    return found


def concerns_of_drift(entities: Sequence[EntityHealth], *, clio_user: str) -> list[Concern]:
    """Return what the last comparison found beyond a small share, and what it keeps because it may only be hidden."""
    found = []
    for each in entities:
        drift = each.drift
        if drift is not None and is_worth_telling(drift=drift.missed, known=drift.known):
            title = f"{drift.missed:,} of {drift.known:,} {each.label.lower()} differed from Clio."
            advice = "They were read anew and are right now; if it happens again, tell us."
            found.append(Concern("drift", False, title, advice, drift.missed))
    held = [each for each in entities if each.held]
    if held:
        count = sum(each.held for each in held)
        listed = _listed([f"{each.held:,} {each.label.lower()}" for each in held])
        title = f"Clio no longer shows us {listed}. They are still counted, since they may only be hidden."
        who = clio_user or "the connected user"
        advice = f"If they were deleted, say so here; if not, give {who} back the right to see them in Clio."
        found.append(Concern("held", True, title, advice, count))
    return found


def concern_of_webhooks(
    states: Sequence[str], *, detail: str, unannounced: int, heard_at: datetime | None, now: datetime
) -> Concern | None:
    """Return why changes do not come at once. unannounced: what syncs of the last day had to find by themselves."""
    slower = "Numbers are right, but up to 15 minutes old instead of seconds."
    if detail:
        return Concern("webhooks_none", False, detail, slower)
    if "expired" in states:
        return Concern("webhooks_lapsed", False, "Clio no longer announces changes to us.", slower)
    is_deaf = heard_at is None or now - heard_at > SILENT_AFTER
    if "enabled" in states and is_deaf and unannounced >= SILENT_CHANGES:
        title = "Clio has announced nothing for a day, although much has changed."
        return Concern("webhooks_silent", False, title, slower, unannounced)
    return None


def summary_of(*, concerns: Sequence[Concern], lag_seconds: int | None, is_complete: bool) -> str:
    """Return the one sentence everybody sees."""
    serious = [each for each in concerns if each.is_serious]
    if serious:
        return serious[0].title
    if not is_complete or lag_seconds is None:
        return "Clio is being read for the first time."
    return f"The numbers are what Clio had {lag_in_words(lag_seconds)} ago."


def _listed(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    if len(names) > 5:
        return f"{', '.join(names[:4])} and {len(names) - 4} more kinds of records"
    return f"{', '.join(names[:-1])} and {names[-1]}"
