"""Learning from corrections: each reviewed component is an example, and examples correct the next guesses.

The weights of :mod:`workers.classify.kind` stay as they are; what is learned is added to their scores. ``features_of`` makes an example, ``train`` a model
of many, ``load`` reads it back, ``classify_learned`` guesses with it. Pure: where examples and models are kept is somebody else's.
"""

from __future__ import annotations

from workers.classify.learn.features import BUCKETS, features_of
from workers.classify.learn.model import Learned, classify_learned, load
from workers.classify.learn.train import Example, Trained, train

__all__ = ["BUCKETS", "Example", "Learned", "Trained", "classify_learned", "features_of", "load", "train"]
