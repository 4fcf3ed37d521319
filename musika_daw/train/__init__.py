"""Corpora, labels, training loops and evaluation."""
