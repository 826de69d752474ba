"""The sales data that somebody already has: the four files of a seller's CRM and a file of leads that is not what its name says."""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter

import pytest

from proofline.config.cli import imports
from proofline.insight import metrics
from proofline.records.models import Account, User
from proofline.stages.reach.models import Lead
from proofline.timeline import projector

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]
FILES = (
    ("products", "crm_sales_opportunities/products.csv", 7),
    ("accounts", "crm_sales_opportunities/accounts.csv", 85),
    ("users", "crm_sales_opportunities/sales_teams.csv", 35),
    ("deals", "crm_sales_opportunities/sales_pipeline.csv", 8800),
    ("leads", "xeducation_leads/Leads.csv", 9240),
)


@pytest.fixture
def command(capsys, settings, tmp_path):
    settings.DATA_DIR = tmp_path

    def command(*words):
        parser = argparse.ArgumentParser()
        imports.arguments(parser)
        code = imports.run(parser.parse_args([str(word) for word in words]))
        return code, json.loads(capsys.readouterr().out)

    return command


def test_the_real_files_come_in_whole_and_their_metrics_out(command, real_data, settings):
    folder = settings.DATA_DIR
    for kind, path, rows in FILES:
        code, shown = command(kind, real_data / path, "--accept-suggestions", "--json")
        assert (code, shown["created"], shown["rejected"], shown["error_file"]) == (0, rows, 0, None), kind
        if kind == "deals":
            near = {"column": "product", "value": "GTXPro", "suggestion": "GTX Pro", "rows": 1480}
            assert shown["suggestions"] == [near]
    for kind, path, rows in FILES:
        code, shown = command(kind, real_data / path, "--accept-suggestions", "--json")
        assert (code, shown["created"], shown["updated"], shown["unchanged"]) == (0, 0, 0, rows), kind
    assert not (folder / "imports").exists()
    projector.project_pending()
    values = {name: metric.compute().value for name, metric in metrics.METRICS.items()}
    assert {name: float(value) for name, value in values.items()} == {
        "deals.won": 4238,
        "deals.lost": 2473,
        "deals.open": 2089,
        "deals.win_rate": 63.15,
        "deals.won_value": 10005534,
        "deals.days_to_win": 51.78,
        "leads.count": 9240,
        "leads.conversion": 38.54,
    }
    with (real_data / "crm_sales_opportunities/sales_pipeline.csv").open() as file:
        won = [row for row in csv.DictReader(file) if row["deal_stage"] == "Won"]
    for dimension, key in (("owner", lambda row: row["sales_agent"]), ("month", lambda row: row["close_date"][:7])):
        rows = metrics.get("deals.won").compute(by=dimension).rows
        assert {row.key: int(row.value) for row in rows} == Counter(map(key, won)), dimension
    assert Account.objects.get(name="Bluth Company").parent.name == "Acme Corporation"
    assert User.objects.filter(role="manager").count() == 6
    assert not Lead.objects.filter(source="google").exists()


def test_without_leave_near_misses_are_rejected_and_come_back_in_the_error_file(command, real_data):
    for kind, path, _rows in FILES[:3]:
        command(kind, real_data / path, "--json")
    code, shown = command("deals", real_data / FILES[3][1], "--json")
    assert (code, shown["created"], shown["rejected"]) == (1, 7320, 1480)
    code, again = command("deals", shown["error_file"], "--accept-suggestions", "--json")
    assert (code, again["created"], again["rejected"]) == (0, 1480, 0)
