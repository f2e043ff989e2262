"""A held change set on its way to people: once for each set and channel, with every brake and the two commands."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipelines.automation.held import tell_held
from pipelines.settings import load_settings
from pipelines.warehouse import Warehouse
from tests.pipelines.automation.receivers import Mailbox, Webhook
from tests.pipelines.automation.world import EMAIL, Home

SLACK = "  slack_webhook: ${SLACK_WEBHOOK}\n"
BRAKES = ["sales Account：100件中40件が変わります（上限30%）", "考えられる原因：<register> & Co"]
TITLE = "CRMへの書き込みを保留しました"


@dataclass(frozen=True)
class Brake:
    """Holds change sets in one home and tells of them, as a run does."""

    home: Home

    def tell(self, change_set_id: str = "c0ffee", brakes: list[str] = BRAKES) -> list[str]:
        with Warehouse(self.home.paths).connect() as con:
            con.execute(
                "INSERT OR REPLACE INTO state.change_sets BY NAME SELECT ? AS change_set_id, 'r' AS run_id, as_of, "
                "as_of AS planned_at, 1240 AS records, 3120 AS fields, ? AS brakes, 'held' AS status FROM config.run",
                [change_set_id, brakes],
            )
            return tell_held(con, load_settings(self.home.paths.config), change_set_id)


@pytest.fixture
def brake(home: Home) -> Brake:
    return Brake(home)


def test_slack_gets_how_much_every_brake_and_what_to_do(brake: Brake, slack: Webhook) -> None:
    brake.home.write(SLACK)
    assert brake.tell() == []
    (body,) = slack.bodies
    assert body["text"] == TITLE
    assert [block["text"]["text"] for block in body["blocks"]] == [
        TITLE,
        "1,240件のレコード（3,120項目）の変更を書き込まずに保留しています。",
        "- sales Account：100件中40件が変わります（上限30%）\n- 考えられる原因：&lt;register&gt; &amp; Co",
        "内容の確認：totsugo preview　承認して書き込む：totsugo approve c0ffee",
    ]


def test_one_mail_goes_to_the_common_addresses_and_none_to_owners(brake: Brake, mail: Mailbox) -> None:
    brake.home.write((EMAIL % mail.port).replace("[partners@example.com]", "[partners@example.com, data@example.com]"))
    assert brake.tell() == []
    (letter,) = mail.mails
    assert (letter["Subject"], letter["To"]) == (TITLE, "partners@example.com, data@example.com")
    assert "- 考えられる原因：<register> & Co\n" in letter.get_content()
    assert "totsugo approve c0ffee" in letter.get_content()


def test_the_same_set_is_told_once_and_another_one_anew(brake: Brake, slack: Webhook) -> None:
    brake.home.write(SLACK)
    brake.tell()
    brake.tell()
    assert len(slack.bodies) == 1
    brake.tell("decade")
    assert len(slack.bodies) == 2
    assert brake.home.rows("SELECT alert_id, channel, owner FROM state.alerts ORDER BY ALL") == [
        ("held:c0ffee", "slack", None),
        ("held:decade", "slack", None),
    ]


def test_a_channel_that_was_set_up_later_hears_of_a_set_that_is_still_held(brake: Brake, slack: Webhook, mail: Mailbox) -> None:
    brake.home.write(SLACK)
    brake.tell()
    brake.home.write(SLACK + EMAIL % mail.port)
    brake.tell()
    assert (len(slack.bodies), len(mail.mails)) == (1, 1)


def test_without_a_channel_nothing_is_noted(brake: Brake) -> None:
    assert brake.tell() == []
    assert brake.home.rows("FROM state.alerts") == []


def test_the_kind_can_be_left_out(brake: Brake, slack: Webhook) -> None:
    brake.home.write(SLACK + "  kinds: [new_overlap]\n")
    assert brake.tell() == []
    assert slack.bodies == []


def test_a_run_of_the_past_tells_nothing(brake: Brake, slack: Webhook) -> None:
    brake.home.write(SLACK)
    with Warehouse(brake.home.paths).connect() as con:
        con.execute("INSERT INTO state.map_runs VALUES ('later', '2026-11-21 00:00:00+00')")
    assert brake.tell() == []
    assert slack.bodies == []
    assert brake.home.rows("FROM state.alerts") == []


def test_a_channel_that_fails_is_named_without_a_secret_and_is_told_by_the_next_run(
    brake: Brake, slack: Webhook, mail: Mailbox
) -> None:
    slack.status, slack.answer = 500, slack.url
    brake.home.write(SLACK + EMAIL % mail.port)
    assert brake.tell() == ["slack: answered 500"]
    assert len(mail.mails) == 1
    slack.status = 200
    assert brake.tell() == []
    assert (len(slack.bodies), len(mail.mails)) == (2, 1)


def test_no_brake_makes_a_message_that_slack_refuses(brake: Brake, slack: Webhook) -> None:
    brake.home.write(SLACK)
    brake.tell(brakes=["長" * 300] * 40)
    assert max(len(block["text"]["text"]) for block in slack.bodies[0]["blocks"]) <= 3000
