"""Standard reports that are no tables of questions: each is answered at an address of its own."""

from apps.reports.contracts import Chart, Dimension, Report

FORECAST = Report(
    number=23,
    key="collections_forecast",
    title="Collections forecast",
    question="What is expected to come in, week by week?",
    tables=(),
    date_basis="forward: the 13 weeks from today",
    period="",
    address="forecast",
    chart=Chart.COLUMNS_WITH_BAND,
)
LEADERBOARD = Report(
    number=25,
    key="leaderboard",
    title="Leaderboard",
    question="Who is ahead, by the figure of your choice?",
    tables=(),
    date_basis="the chosen figure's own",
    groupings=(Dimension.TIMEKEEPER,),
    address="leaderboard",
    chart=Chart.BARS,
)
DATA_QUALITY = Report(
    number=27,
    key="data_quality",
    title="Data quality",
    question="What is wrong or missing in the records behind the figures, and where can it be mended?",
    tables=(),
    date_basis="now",
    period="",
    address="data-quality",
    chart=Chart.BARS,
)
REPORTS = (FORECAST, LEADERBOARD, DATA_QUALITY)
