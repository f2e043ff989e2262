"""``account_mapping.yaml`` as typed settings: reading it, naming its faults, and handing it to dbt as ``config.*`` tables."""

from pipelines.settings.environment import Paths
from pipelines.settings.faults import Fault, SettingsError
from pipelines.settings.load import load_settings, time_zone_of
from pipelines.settings.models import Connection, Partner, PartnerList, Settings
from pipelines.settings.segments import segment_fields

__all__ = [
    "Connection", "Fault", "Partner", "PartnerList", "Paths", "Settings", "SettingsError", "load_settings", "segment_fields",
    "time_zone_of",
]  # fmt: skip
