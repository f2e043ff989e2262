"""Alerts on their way to people: once, in few messages, without a secret, and never at the cost of the run."""

from __future__ import annotations

import logging
from typing import Any

import dagster as dg
import pytest

from pipelines.automation.alerts import Alert, take
from pipelines.automation.messages import MESSAGE_LENGTH, Digest
from pipelines.settings import SettingsError, load_settings
from pipelines.warehouse import Warehouse
from tests.pipelines.automation.receivers import Mailbox, Webhook
from tests.pipelines.automation.world import EMAIL, Home


def metadata(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    (event,) = result.get_asset_materialization_events()
    return {name: value.value for name, value in event.step_materialization_data.materialization.metadata.items()}


def test_without_a_channel_nothing_goes_out_and_old_news_stay_old(home: Home) -> None:
    home.alert("a")
    assert metadata(home.send())["channels"] == "off"
    assert home.rows("FROM state.alerts") == []
    assert home.rows("SELECT count(*) FROM state.alert_runs") == [(1,)]


def test_an_empty_webhook_means_off(home: Home) -> None:
    home.write("  slack_webhook: ${SLACK_WEBHOOK:-}\n")
    assert metadata(home.send())["channels"] == "off"


def test_slack_gets_one_message_with_a_section_for_each_owner(home: Home, slack: Webhook) -> None:
    home.write("  slack_webhook: ${SLACK_WEBHOOK}\n")
    home.alert("overlap")
    home.alert("collision", kind="new_collision")
    home.alert("lapsing", kind="claim_lapsing", owner=None)
    home.alert("undecided", kind="claim_lapsing", owner=None, undecided=True, company_name="<!channel> & Co")
    home.send()
    (body,) = slack.bodies
    assert body["text"] == "Totsugoからのお知らせ（4件）"
    assert [block["text"]["text"] for block in body["blocks"]] == [
        "Totsugoからのお知らせ（4件）",
        "*佐藤*\n"
        "• 株式会社collision: 競合が発生しました。パートナー同士（武蔵システムズ・当社）、重要度 高、対応 当社の担当営業\n"
        "• 株式会社overlap: 武蔵システムズと新たに重なりました（当社 ターゲット、パートナー 既存顧客）",
        "*担当者未設定*\n• &lt;!channel&gt; &amp; Co: 武蔵システムズの案件登録が承認待ちです。2026-11-25を過ぎると失効します\n"
        "• 株式会社lapsing: 武蔵システムズの案件登録は2026-11-25で失効します",
    ]


def test_the_words_follow_our_language(home: Home, slack: Webhook) -> None:
    home.write("  slack_webhook: ${SLACK_WEBHOOK}\n")
    home.paths.config.write_text(
        home.paths.config.read_text(encoding="utf-8").replace("name: 当社", "name: 当社, language: en"), encoding="utf-8"
    )
    home.alert("a", owner=None)
    home.send()
    assert slack.bodies[0]["blocks"][1]["text"]["text"] == (
        "*No owner*\n• 株式会社a: new overlap with 武蔵システムズ (ours Target, theirs Customer)"
    )


def test_nothing_goes_out_twice_and_a_new_alert_goes_out_alone(home: Home, slack: Webhook) -> None:
    home.write("  slack_webhook: ${SLACK_WEBHOOK}\n")
    home.alert("a")
    home.send()
    home.send()
    assert len(slack.bodies) == 1
    home.alert("b")
    assert metadata(home.send())["slack_alerts"] == 1
    assert home.rows("SELECT alert_id, channel FROM state.alerts ORDER BY ALL") == [("a", "slack"), ("b", "slack")]


def test_a_run_that_was_killed_after_it_took_them_sends_them_no_more(home: Home, slack: Webhook) -> None:
    home.write("  slack_webhook: ${SLACK_WEBHOOK}\n")
    home.alert("a")
    with Warehouse(home.paths).connect() as con:
        assert [alert.alert_id for alert in take(con, ["slack"])["slack"]] == ["a"]
    home.send()
    assert slack.bodies == []


def test_a_dry_run_and_a_replay_send_and_note_nothing(home: Home, slack: Webhook) -> None:
    home.write("  slack_webhook: ${SLACK_WEBHOOK}\n")
    home.alert("a")
    home.send(dry_run=True)
    with Warehouse(home.paths).connect() as con:
        con.execute("INSERT INTO state.map_runs VALUES ('later', '2026-11-21 00:00:00+00')")
    home.send()
    assert slack.bodies == []
    assert home.rows("SELECT count(*) FROM state.alerts") == home.rows("SELECT count(*) FROM state.alert_runs") == [(0,)]


def test_each_owner_with_an_address_gets_a_mail_and_one_list_has_the_rest(home: Home, mail: Mailbox) -> None:
    home.write(EMAIL % mail.port)
    home.alert("a")
    home.alert("b", owner="鈴木")
    home.alert("c", owner=None)
    home.send()
    assert set(mail.logins) == {"totsugo"}
    assert mail.by_reader() == {
        "sato@example.com": "佐藤\n- 株式会社a: 武蔵システムズと新たに重なりました（当社 ターゲット、パートナー 既存顧客）\n",
        "partners@example.com": "鈴木\n"
        "- 株式会社b: 武蔵システムズと新たに重なりました（当社 ターゲット、パートナー 既存顧客）\n\n"
        "担当者未設定\n- 株式会社c: 武蔵システムズと新たに重なりました（当社 ターゲット、パートナー 既存顧客）\n",
    }
    assert {mail["Subject"] for mail in mail.mails} == {"Totsugoからのお知らせ（1件）", "Totsugoからのお知らせ（2件）"}


def test_a_mail_that_is_refused_does_not_stop_the_others(home: Home, mail: Mailbox) -> None:
    mail.refused = {"sato@example.com"}
    home.write(EMAIL % mail.port)
    home.alert("b", owner="鈴木")
    home.alert("a")
    result = home.send()
    assert list(mail.by_reader()) == ["partners@example.com"]
    assert faults(result) == "email: 1 of 2 mails went out; refused sato@example.com"


def faults(result: dg.ExecuteInProcessResult) -> str:
    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert not check.passed
    return str(check.metadata["faults"].value)


def test_a_failing_channel_is_named_costs_nothing_else_and_is_not_tried_again(home: Home, slack: Webhook, mail: Mailbox) -> None:
    slack.status, slack.answer = 404, "no_service"
    home.write("  slack_webhook: ${SLACK_WEBHOOK}\n" + EMAIL % mail.port)
    home.alert("a")
    assert faults(home.send()) == "slack: answered 404 no_service"
    assert len(mail.mails) == 1
    slack.status = 200
    home.send()
    assert (len(slack.bodies), len(mail.mails)) == (1, 1)


def test_no_secret_stands_in_logs_metadata_or_files(
    home: Home, slack: Webhook, mail: Mailbox, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    home.write("  slack_webhook: ${SLACK_WEBHOOK}\n" + EMAIL % mail.port)
    slack.status, slack.answer = 500, f"<html>{slack.url}</html>"
    told: list[str] = []
    for attempt, url in enumerate(
        (
            slack.url,
            slack.url.replace("http:", "nonsense:"),
            "topsecretwebhook",
            "http://127.0.0.1:1/topsecretwebhook",
            slack.url.replace("topsecret", "\ntopsecret"),
        )
    ):
        home.monkeypatch.setenv("SLACK_WEBHOOK", url)
        home.monkeypatch.setenv("SMTP_PASSWORD", "topsecretpassword-wrong")
        home.alert(f"a{attempt}")
        result = home.send()
        told += [faults(result), str(metadata(result)), *(str(event) for event in result.all_events)]
    assert told[0] == "slack: answered 500; email: 0 of 1 mails went out; SMTPAuthenticationError 535"
    out = capfd.readouterr()
    files = b"".join(file.read_bytes() for file in home.paths.home.rglob("*") if file.is_file())
    everything = "\n".join([*told, caplog.text, out.out, out.err, files.decode("utf-8", "replace")])
    assert "topsecret" not in everything


@pytest.mark.parametrize("line", ["  slack_webhook: [topsecretwebhook]\n", EMAIL.replace("${SMTP_PASSWORD}", "7777123") % 25])
def test_a_fault_in_the_settings_repeats_no_secret(home: Home, line: str) -> None:
    home.write(line)
    with pytest.raises(SettingsError) as caught:
        load_settings(home.paths.config)
    assert "topsecretwebhook" not in str(caught.value)
    assert "7777123" not in str(caught.value)


def an_alert(number: int, owner: str) -> Alert:
    return Alert(
        str(number), "new_overlap", "alert.new_overlap", owner, "株式会社" + "長" * 80, "武蔵", "target", "customer", *[None] * 5
    )


@pytest.mark.parametrize(("owners", "each"), [(1, 500), (100, 1), (60, 40)])
def test_a_long_list_is_cut_with_a_count_within_the_limits_of_slack(owners: int, each: int) -> None:
    alerts = [an_alert(n, f"担当{n % owners:03d}") for n in range(owners * each)]
    blocks = Digest(alerts, "ja").slack_blocks
    assert len(blocks) <= 50
    assert max(len(block["text"]["text"]) for block in blocks) <= 3000
    assert sum(len(block["text"]["text"]) for block in blocks) <= MESSAGE_LENGTH + 200
    shown = sum(block["text"]["text"].count("• ") for block in blocks)
    words = "".join(block["text"]["text"] for block in blocks)
    assert 0 < shown < len(alerts)
    assert "ほか" in words
    if owners == 1:
        assert "ほか490件" in words
