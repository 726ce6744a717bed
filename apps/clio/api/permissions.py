"""Who may call what in the clio app."""

from dataclasses import replace

from apps.clio.api.records.urls import record_permissions
from apps.core.permissions import ADMINS_ONLY, MEMBERS, PUBLIC, Audience, KeyScope, Rule

PERMISSIONS = {
    "firm-clio-regions": {"GET": MEMBERS},
    "firm-clio-connection": {"GET": MEMBERS, "POST": ADMINS_ONLY, "DELETE": ADMINS_ONLY},
    # How fresh the numbers are, a spreadsheet may ask too.
    "firm-clio-sync": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES), "POST": ADMINS_ONLY},
    "firm-clio-health": {"GET": MEMBERS},
    "firm-clio-held": {"POST": ADMINS_ONLY},
    "firm-clio-comparisons": {"GET": ADMINS_ONLY},
    "firm-clio-comparison": {"GET": ADMINS_ONLY},
    "clio-comparisons-page": {"GET": replace(ADMINS_ONLY, is_page=True)},
    # Clio sends people here without a session of ours; the state in the address tells whose attempt it is, once.
    "clio-page": {"GET": replace(MEMBERS, is_page=True), "POST": replace(ADMINS_ONLY, is_page=True)},
    "clio-callback": {"GET": PUBLIC},
    # Clio signs what it announces; the handshake comes to an address that nobody can guess.
    "clio-webhook": {"POST": PUBLIC},
    # Whoever knows the address registered with our application may make us ask Clio, and nothing else.
    "clio-deauthorized": {"POST": PUBLIC},
    **record_permissions,
    # Nobody is signed in yet; the state is tied to one browser.
    "clio-sign-in": {"GET": PUBLIC, "POST": PUBLIC},
    "clio-sign-in-callback": {"GET": PUBLIC},
}
