"""The console script ``totsugo``: what Dagster offers in the browser, for the shell."""

from pipelines.cli.app import main

__all__ = ["main"]
