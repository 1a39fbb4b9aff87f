"""Home: the pipeline at a glance, and from a broken step to its log and its remedy."""

from __future__ import annotations

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.harness.wait import eventually

STEPS = [
    "JSON API",
    "Airflow",
    "PostgreSQL",
    "Connect",
    "Kafka",
    "Spark",
    "Cassandra",
    "Prometheus",
]


def test_the_pipeline_is_shown_with_the_state_of_each_step(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/?table=users")
    steps = visitor.page.locator("#pipeline li")
    assert [step.split("\n")[0] for step in steps.all_inner_texts()] == STEPS

    def measured() -> bool:
        texts = steps.all_inner_texts()
        return all(any(part.isdigit() for part in texts[place]) for place in (2, 4, 6))

    eventually(measured, "rows/s of PostgreSQL, Kafka and Cassandra", 120)
    assert visitor.problems == []


def test_a_step_leads_to_its_stage(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/?table=users")
    visitor.page.locator("#pipeline").get_by_role("link", name="Cassandra", exact=True).click()
    visitor.page.wait_for_selector("#cassandra")
    assert visitor.page.url.endswith("/stages?table=users#cassandra")


def test_steps_lead_to_the_pages_of_other_services(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/")
    for service, name in (("airflow-api-server", "Airflow"), ("prometheus", "Prometheus")):
        link = visitor.page.get_by_role("link", name=f"Pages of {name}")
        assert link.get_attribute("href") == f"{visitor.platform.installation.url(service)}/"


def test_a_broken_step_shows_log_and_remedy(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/")
    title = visitor.page.locator(".step-title", has_text="Kafka")
    step = visitor.page.locator("#pipeline li.fail").filter(has=title)
    with visitor.platform.stopped("kafka-1"):
        step.get_by_text("make logs S=kafka-1").first.wait_for(timeout=120_000)
        assert "Remedy: " in step.inner_text()


def test_charts_have_titles_and_the_zone(visit: Visit) -> None:
    visitor = visit("reader", timezone_id="America/New_York", **DESKTOP)
    visitor.open("/?table=users")
    titles = visitor.page.locator("#delivery figcaption")
    titles.first.wait_for(timeout=180_000)
    assert [text.split(":")[0] for text in titles.all_inner_texts()] == [
        "Changes per minute",
        "Freshness from commit to readable in Cassandra",
        "Verification",
        "Rows that differ for good between PostgreSQL and Cassandra",
    ]
    axis = """[...document.querySelectorAll('#delivery .chart')].map(element => {
        const options = getElement(Number(element.id.slice(1))).chart.getOption();
        return [options.useUTC, options.xAxis[0].name, options.xAxis[0].max - options.xAxis[0].min];
    })"""
    drawn = [[True, "UTC", 3 * 3_600_000]] * 4
    eventually(lambda: visitor.page.evaluate(axis) == drawn, "the charts are drawn", 30)


def test_a_chart_without_a_spike_has_no_switch_for_its_height(visit: Visit) -> None:
    """tests/control_center/web/ui/test_chart.py has a spike."""
    visitor = visit("reader", **DESKTOP)
    visitor.open("/?table=users")
    visitor.page.locator("#delivery figcaption").first.wait_for(timeout=180_000)
    shown = visitor.page.get_by_role("switch", name="Full height").filter(visible=True)
    above = visitor.page.get_by_text("above this axis").filter(visible=True)
    assert shown.count() == above.count()
