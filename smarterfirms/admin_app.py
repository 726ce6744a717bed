"""The admin as a Django app, with our own entrance."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "smarterfirms.staff_site.StaffSite"
