"""Reads of what Clio hides from the connected user: hours, rates, contacts and matters of others."""

from dataclasses import dataclass

from django.db import connection

from apps.core.tenancy import tenant

# A hidden contact or matter shows in what points to it. A million rows are not worth an exact number: enough is enough.
_MOST = 10_000
_HIDDEN = f"""
SELECT
  (SELECT count(*) FROM clio_activities
   WHERE firm_id = %(firm_id)s AND quantity_redacted AND gone_at IS NULL),
  (SELECT count(*) FROM clio_activities
   WHERE firm_id = %(firm_id)s AND type = 'TimeEntry' AND price IS NULL AND total IS NULL AND gone_at IS NULL
     AND quantity_redacted IS NOT TRUE),
  (SELECT count(DISTINCT client_id) FROM (
     SELECT matter.client_id FROM clio_matters matter
     WHERE matter.firm_id = %(firm_id)s AND matter.gone_at IS NULL AND matter.client_id IS NOT NULL
       AND EXISTS (SELECT FROM clio_synced_entities known WHERE known.firm_id = %(firm_id)s
                     AND known.entity = 'contacts' AND known.first_completed_at IS NOT NULL
                     AND known.read_from > matter.changed_at)
       AND NOT EXISTS (SELECT FROM clio_contacts contact
                       WHERE contact.firm_id = %(firm_id)s AND contact.clio_id = matter.client_id
                         AND contact.gone_at IS NULL)
     LIMIT {_MOST}) AS unknown),
  (SELECT count(DISTINCT parent) FROM (
     SELECT unnest(bill.matter_ids) AS parent FROM clio_bills bill
     WHERE bill.firm_id = %(firm_id)s AND bill.gone_at IS NULL AND bill.state NOT IN ('void', 'deleted')
       AND EXISTS (SELECT FROM clio_synced_entities known WHERE known.firm_id = %(firm_id)s
                     AND known.entity = 'matters' AND known.first_completed_at IS NOT NULL
                     AND known.read_from > bill.changed_at)) AS named
   WHERE NOT EXISTS (SELECT FROM clio_matters matter
                     WHERE matter.firm_id = %(firm_id)s AND matter.clio_id = named.parent))
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class HiddenRows:
    """How much is hidden: time entries without hours, time entries without rates, clients, and matters."""

    hours: int = 0
    rates: int = 0
    contacts: int = 0
    matters: int = 0


def count_hidden(*, firm_id: int) -> HiddenRows:
    """Return what is hidden; joins the firm's transaction."""
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(_HIDDEN, {"firm_id": firm_id})
        return HiddenRows(*cursor.fetchone())
