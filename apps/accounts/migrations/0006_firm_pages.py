from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core.rowsecurity import (
    APPLICATION,
    RESOLVER,
    USER,
    Policy,
    ResolverFunction,
    RetentionMayRemove,
    TenantWall,
)

# Foreign keys look over the wall; these compare the firm too.
SAME_FIRM = """
ALTER TABLE accounts_ownershipoffer
    ADD CONSTRAINT accounts_ownershipoffer_giver_same_firm FOREIGN KEY (firm_id, giver_id)
        REFERENCES accounts_membership (firm_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT accounts_ownershipoffer_taker_same_firm FOREIGN KEY (firm_id, taker_id)
        REFERENCES accounts_membership (firm_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE accounts_consultantlook ADD CONSTRAINT accounts_consultantlook_same_firm
    FOREIGN KEY (firm_id, membership_id) REFERENCES accounts_membership (firm_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
# What the code before this migration does not name must have a value all the same.
DEFAULTS = """
ALTER TABLE accounts_ownershipoffer ALTER answer SET DEFAULT '';
"""
KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _of(model: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_outside_identities"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="hides_client_names",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="clients and matters are shown by a number instead of their names",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="hides_client_names",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="erasureproof",
            name="may_be_seen_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                db_default=[],
                default=list,
                help_text="ids of whoever asked and of the owners then",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="erasureproof",
            name="digest",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="SHA-256 of the proof's text", max_length=64
            ),
        ),
        migrations.CreateModel(
            name="OwnershipOffer",
            fields=[
                KEY,
                ("offered_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("revoked", "Revoked"),
                            ("expired", "Expired"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("firm", _of("accounts.firm")),
                ("giver", _of("accounts.membership")),
                ("taker", _of("accounts.membership")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "")), fields=("firm",), name="accounts_ownershipoffer_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="accounts_ownershipoffer_answered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("taker")), _negated=True),
                        name="accounts_ownershipoffer_not_to_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalAgreement",
            fields=[
                KEY,
                ("document", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("accepted_at", models.DateTimeField()),
                ("ip", models.GenericIPAddressField(null=True)),
                ("user", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "document", "version"), name="accounts_personalagreement_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsultantLook",
            fields=[
                KEY,
                ("looked_on", models.DateField()),
                ("firm", _of("accounts.firm")),
                ("membership", _of("accounts.membership")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("membership", "looked_on"), name="accounts_consultantlook_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetHours",
            fields=[
                KEY,
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField(help_text="the first of a month")),
                ("monthly_hours", models.DecimalField(decimal_places=2, max_digits=6)),
                ("set_at", models.DateTimeField()),
                ("firm", _of("accounts.firm")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "timekeeper_id", "starts_on"), name="accounts_targethours_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("monthly_hours__gte", Decimal(0)), ("monthly_hours__lte", Decimal(744))),
                        name="accounts_targethours_within_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__day", 1)), name="accounts_targethours_from_the_first"
                    ),
                ],
            },
        ),
        migrations.RunSQL(SAME_FIRM, migrations.RunSQL.noop),
        migrations.RunSQL(DEFAULTS, migrations.RunSQL.noop),
        TenantWall("accounts_ownershipoffer"),
        TenantWall("accounts_consultantlook"),
        TenantWall("accounts_targethours"),
        TenantWall("accounts_personalagreement", condition=f"user_id = {USER}", column="user_id"),
        migrations.RunSQL(
            f"REVOKE UPDATE ON accounts_personalagreement FROM {APPLICATION}",
            f"GRANT UPDATE ON accounts_personalagreement TO {APPLICATION}",
        ),
        # What a membership answers with grew: whether clients' names are hidden, and what the firm agreed to.
        Policy("accounts_termsacceptance", "resolver", "true", role=RESOLVER),
        migrations.RunSQL("DROP FUNCTION resolve_membership(bigint, uuid)", migrations.RunSQL.noop),
        ResolverFunction(
            "resolve_membership",
            "person bigint, wanted uuid",
            "TABLE (membership_id bigint, firm_id bigint, role text, scope text, level text, grants text,"
            " permissions text[], clio_user_id bigint, demands_second_factor boolean, hides_client_names boolean,"
            " agreed text[])",
            """
            SELECT membership.id, membership.firm_id, membership.role::text, membership.scope::text,
                   membership.level::text, membership.grants::text, membership.permissions::text[],
                   membership.clio_user_id, coalesce(security.demands_second_factor, false),
                   membership.hides_client_names,
                   ARRAY(SELECT terms.document || ' ' || terms.version FROM public.accounts_termsacceptance terms
                         WHERE terms.firm_id = firm.id)
            FROM public.accounts_firm firm
            JOIN public.accounts_membership membership ON membership.firm_id = firm.id
            LEFT JOIN public.accounts_firmsecurity security ON security.firm_id = firm.id
            WHERE firm.public_id = wanted AND membership.user_id = person AND membership.status = 'active'
            """,
            reads={
                "accounts_membership": "hides_client_names",
                "accounts_termsacceptance": "firm_id, document, version",
            },
        ),
        # Retention: only while old rows are removed, and only rows as old as docs/retention.md says.
        RetentionMayRemove("accounts_trycounter", "last_tried_at < now() - interval '2 days'"),
        RetentionMayRemove("accounts_identityattempt", "expires_at < now() - interval '1 day'"),
        RetentionMayRemove("accounts_session", "least(expires_at, revoked_at) < now() - interval '90 days'"),
        RetentionMayRemove("accounts_mailedtoken", "expires_at < now() - interval '30 days'"),
        RetentionMayRemove("accounts_sentcode", "expires_at < now() - interval '7 days'"),
        RetentionMayRemove("accounts_trusteddevice", "expires_at < now()"),
        RetentionMayRemove("accounts_emailchange", "expires_at < now() - interval '90 days'"),
        RetentionMayRemove(
            "accounts_invitation",
            "least(accepted_at, revoked_at, expires_at) < now() - interval '90 days'",
        ),
        RetentionMayRemove("accounts_apikey", "least(revoked_at, expires_at) < now() - interval '365 days'"),
        RetentionMayRemove("accounts_ownershipoffer", "answered_at < now() - interval '365 days'"),
        RetentionMayRemove("accounts_consultantlook", "looked_on < current_date - 30"),
        RetentionMayRemove("accounts_firmexport", "status = 'expired' AND expires_at < now() - interval '365 days'"),
    ]
