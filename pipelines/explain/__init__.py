"""Why a company stands where it stands: ``marts.explanations`` in words; and why two records are one company or are not."""

from pipelines.explain.lookup import Ambiguous, NotFound, find_company, find_side
from pipelines.explain.pair import PairStory, pair_story
from pipelines.explain.words import Step, explained

__all__ = ["Ambiguous", "NotFound", "PairStory", "Step", "explained", "find_company", "find_side", "pair_story"]
