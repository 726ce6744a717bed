"""What an address says, each parameter once, and the names its entrance has for what services find wrong."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rest_framework.request import Request

from apps.reports.errors import MetricNotPermitted, QuestionNotUnderstood


def parameters_of(request: Request) -> dict[str, str]:
    """Return the parameters of an address. Raises QuestionNotUnderstood naming one that stands there twice."""
    for name, values in request.query_params.lists():
        if len(values) > 1:
            detail = f"`{name[:80]}` stands in the address {len(values)} times: give it once, several values by commas."
            raise QuestionNotUnderstood(name[:80], detail, "repeated")
    return request.query_params.dict()


@contextmanager
def named_as(names: Mapping[str, str]) -> Iterator[None]:
    """Tell what is wrong with a question under the entrance's own names for its fields: `metrics` is its `item`."""
    try:
        yield
    except (QuestionNotUnderstood, MetricNotPermitted) as error:
        raise error.renamed(names) from error
