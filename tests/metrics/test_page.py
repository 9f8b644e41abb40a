"""The page is Prometheus's text format, whatever the labels hold."""

from prometheus_client.parser import text_string_to_metric_families

from app.metrics.page import Family, single, write_page


def test_a_label_may_hold_anything() -> None:
    strange = 'a "b"\\\n'
    family = Family("x", "gauge", "Meaning.", [("", {"name": strange}, 2.5)])

    [read] = text_string_to_metric_families(write_page([family]))

    [sample] = read.samples
    assert (read.documentation, sample.labels) == ("Meaning.", {"name": strange})
    assert sample.value == 2.5


def test_a_single_number_has_no_labels() -> None:
    text = write_page([Family("x", "gauge", "Meaning.", single(3))])

    assert text == "# HELP x Meaning.\n# TYPE x gauge\nx 3.0\n"
