"""Proposals of sentences, goals, moves and requests: pure, told from figures."""
