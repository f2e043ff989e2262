"""Makers of benchmark sets for matching: real names and addresses from official files, made-up rivals, noise of our own.

Each kind is run by ``python -m benchmarks.matching_sets.<kind> OUT_DIR ...`` and writes what ``benchmarks/match.py`` reads.
Everything follows from the files and the seed. Nothing of the files is part of the project.
"""
