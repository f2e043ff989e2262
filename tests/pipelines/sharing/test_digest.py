"""Mails to partners: what is new since the last one, what to stop first, never twice, and nothing that they may not see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from pipelines.resources import Totsugo
from pipelines.settings import SettingsError
from pipelines.sharing.assets import shares
from pipelines.sharing.mail import partners_without_server, send
from pipelines.sharing.news import take
from tests.pipelines.automation.receivers import Mailbox, mailbox
from tests.pipelines.registrations.world import insert_row
from tests.pipelines.sharing.home import POLICY, SharingHome

TO = {"sharing": {"mail_to": ["pm@musashi.example.com", "sales@musashi.example.com"]}}


class Mailing:
    """A home whose deliveries are followed by mails, as in a run."""

    def __init__(self, folder: Path, server: Mailbox) -> None:
        self.home, self.server, self.fault = SharingHome.new(folder), server, None
        self.home.write("musashi", **TO)

    def bar(self, company: str, partner: str = "musashi", **values: Any) -> None:
        """The partner must not approach a company that it named."""
        row = {"their_id": f"T-{company}", "company_name": f"株式会社{company}", "is_whole_company": True, "as_of": self.home.now}
        row |= {"reason_key": "partner_reason.direct"} | values
        with self.home.warehouse.connect() as con:
            insert_row(con, "marts.share_no_approach", partner=partner, company_id=company, row_key=f"{partner}/{company}", **row)

    def unbar(self, company: str) -> None:
        self.home.execute("DELETE FROM marts.share_no_approach WHERE company_id = ?", company)

    def write_settings(self, with_server: bool = True) -> None:
        yaml_file = self.home.paths.config
        self.home.write()
        said = yaml.safe_load(yaml_file.read_text(encoding="utf-8"))
        if with_server:
            said["alerts"] = {"email": {"host": "127.0.0.1", "port": self.server.port, "starttls": False,
                                        "sender": "totsugo@example.com", "to": ["us@example.com"]}}  # fmt: skip
        yaml_file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")

    def run(self, with_server: bool = True) -> list[str]:
        """A run an hour later; gives the mails of this run."""
        before = len(self.server.mails)
        self.write_settings(with_server)
        self.home.ran(f"run {self.home.now}", hours=1)
        delivered = self.home.hand_over()
        with self.home.warehouse.connect() as con:
            shares = {name: one.share for name, one in delivered.items() if one.is_settled}
            self.taken = take(con, self.home.settings, shares, self.home.now)
        self.fault = send(self.home.settings, self.taken)
        return [str(mail.get_content()) for mail in self.server.mails[before:]]


@pytest.fixture
def mailing(tmp_path: Path) -> Iterator[Mailing]:
    with mailbox() as server:
        yield Mailing(tmp_path / "home", server)


def test_the_first_mail_names_what_to_stop_and_counts_the_rest(mailing: Mailing) -> None:
    mailing.bar("甲", product_line="アオゾラ人事")
    mailing.bar("乙", reason_key="partner_reason.not_available")
    mailing.home.overlap("musashi", "丙")
    (body,) = mailing.run()
    (letter,) = mailing.server.mails
    assert letter["To"] == "pm@musashi.example.com, sales@musashi.example.com"
    assert letter["Subject"] == "【アオゾラソフト株式会社】アカウント共有資料の更新（追加3件・取り下げ0件）"
    assert body == (
        "武蔵システムズ株式会社 ご担当者様\n\n"
        "アオゾラソフト株式会社のアカウント共有資料を更新しました。内容は 2026-11-20 10:00 (UTC+09:00) 時点のものです。\n\n"
        "新たにアプローチNGとなりました。ただちにアプローチをお控えください（2件）。\n"
        "- 株式会社乙（貴社の管理番号 T-乙、お取扱い対象外）\n"
        "- 株式会社甲（貴社の管理番号 T-甲、アオゾラ人事、当社にて直接対応しております）\n\n"
        "前回のメールからの変更\n- アプローチNG：追加2件、取り下げ0件\n- 共通の企業：追加1件、取り下げ0件\n\n"
        "資料の受け取り方法は、当社の担当者にお問い合わせください。\n\n"
        "このメールは自動送信です。\n"
    )


def test_nothing_new_is_no_mail_and_only_what_is_new_is_told(mailing: Mailing) -> None:
    mailing.bar("甲")
    mailing.run()
    assert mailing.run() == []
    mailing.bar("乙")
    (body,) = mailing.run()
    assert "株式会社乙" in body
    assert "株式会社甲" not in body


def test_a_row_that_says_something_else_is_no_news(mailing: Mailing) -> None:
    mailing.bar("甲")
    mailing.run()
    mailing.home.execute("UPDATE marts.share_no_approach SET reason_key = 'partner_reason.not_available'")
    assert mailing.run() == []


def test_what_was_withdrawn_is_counted_and_not_named(mailing: Mailing) -> None:
    mailing.bar("甲")
    mailing.run()
    mailing.unbar("甲")
    (body,) = mailing.run()
    assert "- アプローチNG：追加0件、取り下げ1件" in body
    assert "お手元の控えからも削除してください" in body
    assert "株式会社甲" not in body
    assert mailing.home.log("channel, withdrawn_because", "channel = 'email'") == [("email", "no_longer_so")]


def test_what_comes_back_is_told_and_logged_again(mailing: Mailing) -> None:
    mailing.bar("甲")
    mailing.run()
    mailing.unbar("甲")
    mailing.run()
    mailing.bar("甲")
    (body,) = mailing.run()
    assert "株式会社甲" in body
    assert len(mailing.home.log("entry_id", "channel = 'email'")) == 2


def test_many_are_named_up_to_twenty_and_the_rest_is_a_count(mailing: Mailing) -> None:
    for number in range(25):
        mailing.bar(f"{number:02}")
    (body,) = mailing.run()
    assert body.count("- 株式会社") == 20
    assert "- ほか5件（資料の「アプローチNG」をご覧ください）" in body
    assert "お控えください（25件）" in body


def test_the_log_has_what_the_mail_named_and_no_more(mailing: Mailing) -> None:
    mailing.bar("甲", corporate_number="1180001000001", valid_until="2027-01-31")
    mailing.home.overlap("musashi", "丙")
    (body,) = mailing.run()
    assert "2027-01-31まで" in body
    rows = mailing.home.log("list, company_id, fields, content", "channel = 'email'")
    ((name, company, fields, content),) = rows
    assert (name, company) == ("no_approach", "甲")
    assert sorted(fields) == ["company_name", "reason_key", "their_id", "valid_until"]
    assert "1180001000001" not in content + body


def test_what_the_policy_does_not_name_is_not_told(mailing: Mailing) -> None:
    mailing.home.sharing["default"] = POLICY | {"fields": ["product_line"]}
    mailing.bar("甲")
    (body,) = mailing.run()
    assert "- 株式会社甲（貴社の管理番号 T-甲）\n" in body


def test_a_mail_that_was_noted_and_not_sent_is_not_sent_again(mailing: Mailing) -> None:
    mailing.bar("甲")
    mailing.server.refused = {"pm@musashi.example.com", "sales@musashi.example.com"}
    mailing.run()
    assert mailing.fault == "email: 0 of 1 mails went out; refused pm@musashi.example.com, sales@musashi.example.com"
    mailing.server.refused = set()
    assert mailing.run() == []
    assert mailing.fault is None


def test_a_partner_whose_mail_is_refused_costs_no_other(mailing: Mailing) -> None:
    mailing.home.write("setouchi", sharing={"mail_to": ["pm@setouchi.example.com"]})
    mailing.bar("甲")
    mailing.bar("乙", "setouchi")
    mailing.server.refused = {"pm@musashi.example.com", "sales@musashi.example.com"}
    (body,) = mailing.run()
    assert mailing.server.mails[-1]["To"] == "pm@setouchi.example.com"
    assert "株式会社乙" in body
    assert "株式会社甲" not in body
    assert str(mailing.fault).startswith("email: 1 of 2 mails went out")


def test_who_has_no_address_gets_nothing_and_nothing_is_noted(mailing: Mailing) -> None:
    mailing.bar("乙", "setouchi")
    assert mailing.run() == []
    assert mailing.home.log("channel", "channel = 'email'") == []


def test_without_a_server_nothing_is_sent_or_noted_and_the_check_says_for_whom(mailing: Mailing) -> None:
    mailing.bar("甲")
    assert mailing.run(with_server=False) == []
    assert partners_without_server(mailing.home.settings) == ["musashi"]
    assert len(mailing.run()) == 1
    assert partners_without_server(mailing.home.settings) == []


def test_the_end_of_sharing_is_told_once(mailing: Mailing) -> None:
    mailing.bar("甲")
    mailing.run()
    mailing.home.write("musashi", stage="ended")
    (body,) = mailing.run()
    assert "アカウント共有は終了しました" in body
    assert "株式会社甲" not in body
    assert mailing.run() == []


def test_no_name_adds_a_line_or_a_header(mailing: Mailing) -> None:
    mailing.bar("甲", company_name="甲\r\nBcc: all@example.com\u2028- 株式会社偽", their_id="1\n2")
    mailing.home.write("musashi", sharing=TO["sharing"] | {"language": "en"})
    (body,) = mailing.run()
    (letter,) = mailing.server.mails
    assert "- 甲 Bcc: all@example.com - 株式会社偽 (your ID 1 2; We serve this company directly)\n" in body
    assert letter["Bcc"] is None


def test_a_name_of_ours_with_a_break_goes_into_the_subject_as_one_line(mailing: Mailing) -> None:
    mailing.bar("甲")
    mailing.run()
    news = mailing.taken["musashi"]
    ours = mailing.home.settings
    ours = ours.model_copy(update={"us": ours.us.model_copy(update={"name": "甲\nBcc: all@example.com"})})
    assert send(ours, {"musashi": news}) is None
    assert mailing.server.mails[-1]["Bcc"] is None
    assert "甲 Bcc: all@example.com" in mailing.server.mails[-1]["Subject"]


def test_the_folder_that_the_yaml_names_is_told(mailing: Mailing) -> None:
    mailing.home.sharing["folder"] = str(mailing.home.home / "handed over")
    mailing.bar("甲")
    (body,) = mailing.run()
    assert f"最新の資料：{mailing.home.home}/handed over/musashi\n" in body


def test_a_run_hands_over_then_mails_and_a_fault_of_mail_is_a_warning(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    mailing.bar("甲")
    mailing.write_settings()
    home = mailing.home.ran()
    monkeypatch.setenv("TOTSUGO_HOME", str(home.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(home.paths.config))
    mailing.server.refused = {"pm@musashi.example.com", "sales@musashi.example.com"}
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([shares], resources={"totsugo": Totsugo()}, instance=instance)
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert checks["every_share_delivered"].passed
    assert not checks["every_mail_sent"].passed
    assert checks["every_mail_sent"].severity == dg.AssetCheckSeverity.WARN
    assert "refused pm@musashi.example.com" in str(checks["every_mail_sent"].metadata["faults"].value)
    assert mailing.home.files("musashi")


@pytest.mark.parametrize("address", ["pm", "a@x.jp\nBcc: b@x.jp", "a@x.jp, b@x.jp", ""])
def test_what_is_no_address_is_refused_by_its_line(mailing: Mailing, address: str) -> None:
    mailing.home.write("musashi", sharing={"mail_to": [address]})
    with pytest.raises(SettingsError, match="mail address"):
        _ = mailing.home.settings


def test_a_run_of_the_past_tells_nothing(mailing: Mailing) -> None:
    mailing.home.execute("INSERT INTO state.map_runs VALUES ('later', '2030-01-01 00:00:00+00')")
    mailing.bar("甲")
    assert mailing.run() == []
    assert mailing.home.log("channel", "channel = 'email'") == []
