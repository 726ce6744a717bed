"""A kind with its sample, in any words: for previews, test messages and pictures."""

from django.conf import settings

from apps.notifications.contracts import Channel, Reader, RenderedInApp, RenderedMail, RenderedSms, Wording
from apps.notifications.rendering.compose import compose_email, compose_in_app, compose_sms
from apps.notifications.rules.kinds.kind import Kind

Rendered = RenderedMail | RenderedSms | RenderedInApp


def sample_reader() -> Reader:
    """A reader in New York, with a page to refuse on that is nobody's."""
    return Reader(zone="America/New_York", unsubscribe_address=f"{settings.PUBLIC_BASE_URL}/unsubscribe/sample")


def render_sample(kind: Kind, wording: Wording, reader: Reader | None = None) -> Rendered:
    """Return the kind's sample in these words. Raises WordingRefused."""
    reader = reader or sample_reader()
    if wording.channel is Channel.EMAIL:
        return compose_email(kind, wording, kind.sample, reader)
    if wording.channel is Channel.SMS:
        return compose_sms(kind, wording, kind.sample, reader)
    return compose_in_app(kind, wording, kind.sample, reader)
