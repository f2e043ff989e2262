"""Why a company stands where it stands: ``marts.explanations`` in words."""

from pipelines.explain.lookup import Ambiguous, NotFound, find_company
from pipelines.explain.words import Step, explained

__all__ = ["Ambiguous", "NotFound", "Step", "explained", "find_company"]
