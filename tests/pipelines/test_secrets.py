"""No secret leaves the process: not where a CRM refuses, fails, hangs up, or sends back what it was sent."""

from __future__ import annotations

import base64
import html
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

import dagster as dg
import duckdb
import pytest
from typer.testing import CliRunner

from connectors.sandbox.salesforce.assertion import key_of_this_process
from pipelines.cli.app import app
from pipelines.crm.assets import partner_crms_answered, pull_hubspot, pull_partner_crms, pull_salesforce
from pipelines.resources import Totsugo
from pipelines.settings.assets import settings_tables

SECRETS = {
    "SALES_SECRET": 'cl13nt "s3cr3t" & Ä',
    "JWT_KEY": key_of_this_process(),
    "SOAP_PASSWORD": "p4ss <w0rd> 社",
    "SOAP_TOKEN": "s3cur1tyT0k3n",
    "FORM_PASSWORD": "f0rm+p4ss/w0rd",
    "FORM_SECRET": "f0rm-s3cr3t",
    "MARKET_TOKEN": "pat-na1-h4rd-t0-gu3ss",
    "APP_SECRET": "4pp-s3cr3t%20",
    "APP_REFRESH": "r3fr3sh-t0k3n",
    "ADMIN_SECRET": "4dm1n-s3cr3t",
}
GIVEN = "00D!acc3ss+t0k3n/g1v3n"
"""The access token that the CRM gives where it lets in."""
SETTINGS = """
version: 1
us: {name: アオゾラソフト株式会社}
connections:
  sales:
    crm: salesforce
    party: us
    url: ${CRM_URL}
    write_back: true
    login: {method: client_credentials, client_id: id, client_secret: "${SALES_SECRET}"}
    provision_login: {method: client_credentials, client_id: id, client_secret: "${ADMIN_SECRET}"}
  market: {crm: hubspot, party: us, url: "${CRM_URL}", login: {method: token, token: "${MARKET_TOKEN}"}}
  by_key: {crm: salesforce, party: ours, url: "${CRM_URL}",
           login: {method: jwt, client_id: id, username: u@example.jp, private_key: "${JWT_KEY}"}}
  by_soap: {crm: salesforce, party: ours, url: "${CRM_URL}",
            login: {method: password, username: u, password: "${SOAP_PASSWORD}", security_token: "${SOAP_TOKEN}"}}
  by_form: {crm: salesforce, party: ours, url: "${CRM_URL}",
            login: {method: password, username: u, password: "${FORM_PASSWORD}", client_id: id, client_secret: "${FORM_SECRET}"}}
  by_app: {crm: hubspot, party: ours, url: "${CRM_URL}",
           login: {method: oauth, client_id: id, client_secret: "${APP_SECRET}", refresh_token: "${APP_REFRESH}"}}
partners:
  ours: {name: 武蔵システムズ株式会社, type: reseller}
"""
SOAP_LOGIN = "<r><result><serverUrl>{url}/services/Soap/u/62.0</serverUrl><sessionId>{token}</sessionId></result></r>"
SOAP_FAULT = '<f xmlns:sf="x"><sf:exceptionCode>{said}</sf:exceptionCode><sf:exceptionMessage>{said}</sf:exceptionMessage></f>'


class Telltale(BaseHTTPRequestHandler):
    """A CRM that sends back whatever it is sent: ``server.lets_in`` or not, and then with ``server.status``."""

    server: Any
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.server.hangs_up:
            self.close_connection = True
            return
        if any(part in self.path for part in ("/token", "/Soap/u/")) and self.server.lets_in:
            self._answer(200, *self._welcome())
            return
        header = self.headers.get("Authorization", "")
        said = (
            f"{header} {base64.b64decode(header[6:]).decode() if header.startswith('Basic') else ''} {body} {unquote_plus(body)}"
        )
        self._answer(self.server.status, *self._said(said))

    do_GET = do_PATCH = do_PUT = do_DELETE = do_POST

    def log_message(self, *_: Any) -> None:
        pass

    def _welcome(self) -> tuple[str, str]:
        url = f"http://{self.headers['Host']}"
        if "Soap" in self.path:
            return SOAP_LOGIN.format(url=url, token=GIVEN), "text/xml"
        return json.dumps({"access_token": GIVEN, "instance_url": url, "expires_in": 1800}), "application/json"

    def _said(self, said: str) -> tuple[str, str]:
        if self.server.as_page:
            return f"<html><body>{html.escape(said)} {said}</body></html>", "text/html"
        if "Soap" in self.path:
            return SOAP_FAULT.format(said=html.escape(said)), "text/xml"
        error = {"message": said, "errorCode": said, "error": said, "error_description": said, "status": said, "category": said}
        return json.dumps(error if "/crm/" in self.path or "/oauth" in self.path else [error]), "application/json"

    def _answer(self, status: int, text: str, content_type: str) -> None:
        sent = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


@contextmanager
def _telltale(lets_in: bool, status: int, as_page: bool = False, hangs_up: bool = False) -> Iterator[str]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Telltale)
    server.lets_in, server.status, server.as_page, server.hangs_up = lets_in, status, as_page, hangs_up
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _forms() -> dict[str, str]:
    """What must stand nowhere -> whose it is."""
    found: dict[str, str] = {"eyJ": "a signed assertion"}
    pairs = {"SALES_SECRET": f"id:{SECRETS['SALES_SECRET']}", "ADMIN_SECRET": f"id:{SECRETS['ADMIN_SECRET']}"}
    for name, secret in [*SECRETS.items(), ("GIVEN", GIVEN), *pairs.items()]:
        lines = [line for line in secret.splitlines() if not line.startswith("-----")]
        for text in (secret, *lines[:-1], " ".join(secret.split())):
            escaped = (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], html.escape(text))
            encoded = base64.b64encode(text.encode()).decode().rstrip("=")
            found |= dict.fromkeys((text, quote(text), quote(text, safe=""), quote_plus(text), encoded, *escaped), name)
    return found


def _told(texts: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(where, whose) for where, text in texts.items() for form, whose in _forms().items() if form.encode() in text]


def _values(file: Path) -> bytes:
    """Everything that a DuckDB file holds, whose own bytes may be compressed."""
    with duckdb.connect(str(file), read_only=True) as con:
        tables = con.execute("SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL").fetchall()
        return "\n".join(str(con.execute(f'SELECT * FROM "{a}"."{b}"').fetchall()) for a, b in tables).encode()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as made:
        yield made


@pytest.mark.parametrize(
    "fails",
    [
        {"lets_in": False, "status": 400},
        {"lets_in": False, "status": 401, "as_page": True},
        {"lets_in": True, "status": 400},
        {"lets_in": True, "status": 401},
        {"lets_in": True, "status": 403, "as_page": True},
        {"lets_in": True, "status": 500},
        {"lets_in": False, "status": 503, "as_page": True},
        {"lets_in": False, "status": 0, "hangs_up": True},
    ],
    ids=lambda fails: "-".join(f"{name}={value}" for name, value in fails.items()),
)
def test_a_run_that_fails_at_every_login_tells_no_secret(
    fails: dict[str, Any],
    instance: dg.DagsterInstance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("connectors.retry.PACE", 0.0)
    config, home, dagster = tmp_path / "account_mapping.yaml", tmp_path / "home", Path(instance.root_directory)
    config.write_text(SETTINGS, encoding="utf-8")
    with _telltale(**fails) as url:
        environment = {"TOTSUGO_CONFIG": str(config), "TOTSUGO_HOME": str(home), "CRM_URL": url, **SECRETS}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assets = [settings_tables, pull_salesforce, pull_hubspot, pull_partner_crms, partner_crms_answered]
        outcome = dg.materialize(assets, instance=instance, resources={"totsugo": Totsugo()}, raise_on_error=False)
        events = "\n".join(str(entry) for entry in instance.all_logs(outcome.run_id))
        said = [CliRunner().invoke(app, [command]) for command in ("check", "provision")]
    assert not outcome.success
    assert [done.exit_code for done in said] == [1, 1]
    printed = capfd.readouterr()
    texts = {"out": printed.out, "err": printed.err, "log": caplog.text, "events": events}
    texts |= {f"cli {n}": f"{done.output} {done.exception!r}" for n, done in enumerate(said)}
    files = [file for folder in (home, dagster) for file in folder.rglob("*") if file.is_file()]
    written = {str(file): file.read_bytes() for file in files}
    written |= {f"values of {file.name}": _values(file) for file in files if file.suffix == ".duckdb"}
    assert "pull:by_app" in written["values of warehouse.duckdb"].decode()
    assert _told({name: text.encode() for name, text in texts.items()} | written) == []
