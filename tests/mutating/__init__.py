"""The table of mutations: each breaks one rule on purpose, and some test must notice."""

from mutating.lowerings import LOWERINGS
from mutating.mutation import Mutation
from mutating.normalising import NORMALISING
from mutating.passes import PASSES
from mutating.runtime import RUNTIME

__all__ = ["MUTATIONS", "Mutation"]

MUTATIONS: list[Mutation] = [*NORMALISING, *LOWERINGS, *PASSES, *RUNTIME]
