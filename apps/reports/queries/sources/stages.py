"""How long matters stayed in the stages they left, by what we saw of their course (K35)."""

from apps.reports.contracts import Dimension
from apps.reports.queries.sources.apart import ApartSource
from apps.reports.queries.sources.reading import RowKey
from apps.reports.queries.sources.rows import RowShape

STAY_ID = "r.stay_of"
# A stay begins on the day it was first seen and ends where the next begins. The present one began when Clio says, if
# that lies between the two. What a matter was in when we first looked began nobody knows when.
_STAYS = """(
    WITH turn AS (
        SELECT matter_id, stage_id, starts_on,
               row_number() OVER of_matter = 1 OR stage_id IS DISTINCT FROM lag(stage_id) OVER of_matter AS is_new
        FROM reports_matter_span WHERE firm_id = %(firm)s
        WINDOW of_matter AS (PARTITION BY matter_id ORDER BY starts_on NULLS FIRST)
    ), stay AS (
        SELECT matter_id, stage_id, starts_on AS began_on,
               lead(starts_on) OVER (PARTITION BY matter_id ORDER BY starts_on NULLS FIRST) AS next_on,
               row_number() OVER (PARTITION BY matter_id ORDER BY starts_on DESC NULLS LAST) AS place_from_last
        FROM turn WHERE is_new
    )
    SELECT %(firm)s::bigint AS firm_id, s.matter_id, s.matter_id AS stay_of, s.stage_id, s.began_on,
           CASE WHEN s.place_from_last = 2 AND c.stage_since BETWEEN s.began_on AND s.next_on THEN c.stage_since
                ELSE s.next_on END AS left_on
    FROM stay s JOIN reports_matter c ON c.firm_id = %(firm)s AND c.matter_id = s.matter_id
    WHERE s.began_on IS NOT NULL AND s.next_on IS NOT NULL AND s.stage_id IS NOT NULL
)"""
STAGE_STAYS = ApartSource(
    _STAYS,
    "left_on",
    {"stayed": "r.left_on - r.began_on"},
    RowShape(
        timekeeper="",
        currency="",
        of_matters=True,
        own={
            Dimension.STAGE: "r.stage_id",
            RowKey.ID: STAY_ID,
            RowKey.PART: "to_char(r.left_on, 'YYYY-MM-DD')",
        },
    ),
)
