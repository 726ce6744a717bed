"""Every address of the product, by app."""

from django.contrib import admin
from django.urls import include, path

admin.site.site_header = admin.site.site_title = "Smarter Firms staff"
admin.site.index_title = "What may be looked after"

urlpatterns = [
    path("", include("apps.core.urls")),
    path("", include("apps.notifications.pages.urls")),
    path("", include("apps.notifications.webhooks.urls")),
    path("", include("apps.accounts.pages.urls")),
    path("", include("apps.clio.pages.urls")),
    path("", include("apps.clio.webhooks.urls")),
    path("", include("apps.billing.pages.urls")),
    path("", include("apps.reports.pages.urls")),
    path("api/v1/", include("apps.notifications.api.urls")),
    path("api/v1/", include("apps.accounts.api.urls")),
    path("api/v1/", include("apps.billing.api.urls")),
    path("api/v1/", include("apps.clio.api.urls")),
    path("api/v1/", include("apps.reports.api.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "apps.core.problems.bad_request"
handler403 = "apps.core.problems.permission_denied"
handler404 = "apps.core.problems.page_not_found"
handler500 = "apps.core.problems.server_error"
