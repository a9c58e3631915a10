"""How much an annotation is to be doubted."""

#: Doubts have a higher score.
LEAST_SCORE = 0.0
#: Of a place where nothing else than its annotation is probable.
NO_DOUBT = -1.0


def doubt_score(p_there: float, p_better: float) -> float:
    """From -1 to 1, the more doubtful the higher. p_there: probability of what is annotated.
    p_better: of the most probable other reading of the place."""
    return p_better - p_there
