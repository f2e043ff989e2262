"""The dbt-duckdb plugin that gives dbt's models the normalizing functions. Named in ``profiles.yml``."""

from __future__ import annotations

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.normalize.functions import register


class Plugin(BasePlugin):
    """Registers the functions on every connection that dbt opens."""

    def configure_connection(self, conn: Any) -> None:
        register(conn)
