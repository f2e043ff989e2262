"""The one Dagster resource: this installation's paths, settings, warehouse and CRM logins, made when asked for."""

from __future__ import annotations

from functools import cached_property

import dagster as dg
from pydantic import PrivateAttr

from connectors.crm import Crm
from pipelines.crm.opened import open_connection
from pipelines.settings import Paths, Settings, load_settings
from pipelines.warehouse import Warehouse


class Totsugo(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Everything a run needs of its surroundings; nothing is read before it is used."""

    _open: dict[str, Crm] = PrivateAttr(default_factory=dict)

    @cached_property
    def paths(self) -> Paths:
        return Paths.from_environment()

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.paths.config)

    @cached_property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.paths)

    def crm(self, connection: str) -> Crm:
        """The connector of that connection, one per process. Logs in at its first call."""
        if connection not in self._open:
            self._open[connection] = open_connection(self.settings.connections[connection])
        return self._open[connection]
