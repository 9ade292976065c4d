"""Typical wrong answers to the exercises of lesson 04, with words of what they are told."""

WRONG_ANSWERS = {
    "04.1": [
        (
            """
def known_paths(steps):
    return [steps[i:] for i in range(len(steps))]
""",
            "two paths begin in A, and one is enough",
        ),
        (
            """
def known_paths(steps):
    return erase_loops(steps)
""",
            "this is one path alone",
        ),
        (
            """
def known_paths(steps):
    return [erase_loops(steps)]
""",
            "the path from B is missing: B→C→D",
        ),
        (
            """
def known_paths(steps):
    rests = {state_key(step.state): erase_loops(steps[i:]) for i, step in enumerate(steps)}
    return list(rests.values())
""",
            "A→B→C→D has 3 steps, and the walk knows A→C→D",
        ),
        (
            """
def known_paths(steps):
    end = state_key(steps[-1].next_state)
    paths, frontier = {end: []}, deque([end])
    while frontier:
        place = frontier.popleft()
        for step in steps:
            before = state_key(step.state)
            if state_key(step.next_state) == place and before not in paths:
                paths[before] = [*paths[place], step]
                frontier.append(before)
    return [path for path in paths.values() if path]
""",
            "does not hang together: after D it goes on from B",
        ),
        (
            """
def known_paths(steps):
    end = state_key(steps[-1].next_state)
    paths, frontier = {end: []}, deque([end])
    while frontier:
        place = frontier.popleft()
        for step in steps:
            before = state_key(step.state)
            if state_key(step.next_state) == place and before not in paths:
                paths[before] = [step, *paths[place]]
                frontier.append(before)
    return list(paths.values())
""",
            "an empty list is no path",
        ),
        (
            """
def known_paths(steps):
    end = state_key(steps[-1].next_state)
    paths, frontier = {end: []}, deque([end])
    while frontier:
        place = frontier.pop()
        for step in steps:
            before = state_key(step.state)
            if state_key(step.next_state) == place and before not in paths:
                paths[before] = [step, *paths[place]]
                frontier.append(before)
    return {key: path for key, path in paths.items() if path}
""",
            "a list of paths is wanted, not a dict",
        ),
        (
            """
def known_paths(steps):
    end = state_key(steps[-1].next_state)
    paths, frontier = {end: []}, deque([end])
    while frontier:
        place = frontier.popleft()
        for step in steps:
            before = state_key(step.state)
            if state_key(step.next_state) == place:
                paths[before] = [step, *paths[place]]
                frontier.append(before)
    return [path for path in paths.values() if path]
""",
            "your function never ended",
        ),
    ],
    "04.2": [
        (
            """
def choose(candidates, threshold=0.2, min_success=0.2):
    return max(candidates, key=lambda one: one.similarity, default=None)
""",
            "A must not be used: its preconditions do not hold",
        ),
        (
            """
def choose(candidates, threshold=0.2, min_success=0.2):
    best = max(candidates, key=lambda one: one.similarity, default=None)
    if best is None or best.just_failed or not best.preconditions_hold:
        return None
    return best if best.similarity >= threshold and best.success_estimate >= min_success else None
""",
            "D passes all four questions",
        ),
        (
            """
def choose(candidates, threshold=0.2, min_success=0.2):
    passed = [
        one
        for one in candidates
        if one.preconditions_hold
        and one.similarity > threshold
        and one.success_estimate > min_success
        and not one.just_failed
    ]
    return min(passed, key=lambda one: (-one.similarity, one.n_steps), default=None)
""",
            "A passes all four questions",
        ),
        (
            """
def choose(candidates, threshold=0.2, min_success=0.2):
    for one in candidates:
        fits = one.preconditions_hold and one.similarity >= threshold and not one.just_failed
        if fits and one.success_estimate >= min_success:
            return one
    return None
""",
            "B is equally similar and shorter",
        ),
        (
            """
def choose(candidates, threshold=0.2, min_success=0.2):
    passed = [
        one
        for one in candidates
        if one.preconditions_hold
        and one.similarity >= threshold
        and one.success_estimate >= min_success
        and not one.just_failed
    ]
    return min(passed, key=lambda one: (-one.similarity, one.n_steps)).name if passed else None
""",
            "the candidate itself is wanted, not its name",
        ),
        (
            """
def choose(candidates, threshold=0.2, min_success=0.2):
    passed = [
        one
        for one in candidates
        if one.preconditions_hold
        and one.similarity >= threshold
        and one.success_estimate >= min_success
        and one.just_failed
    ]
    return min(passed, key=lambda one: (-one.similarity, one.n_steps), default=None)
""",
            "A must not be used: it has just failed from here",
        ),
    ],
    "04.3": [
        (
            """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        wrong = sum(similarity >= threshold and not works for similarity, works in tries)
        missed = sum(similarity < threshold and works for similarity, works in tries)
        return price * (wrong + missed)
    return min(sorted(thresholds), key=cost)
""",
            "costs",
        ),
        (
            """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        wrong = sum(similarity >= threshold and not works for similarity, works in tries)
        missed = sum(similarity < threshold for similarity, works in tries)
        return price * wrong + missed
    return min(sorted(thresholds), key=cost)
""",
            "costs",
        ),
        (
            """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        wrong = sum(similarity >= threshold and not works for similarity, works in tries)
        missed = sum(similarity < threshold and works for similarity, works in tries)
        return price * wrong + missed
    return max(sorted(thresholds), key=cost)
""",
            "costs",
        ),
        (
            """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        wrong = sum(similarity >= threshold and not works for similarity, works in tries)
        missed = sum(similarity < threshold and works for similarity, works in tries)
        return price * wrong + missed
    return min(thresholds, key=cost)
""",
            "of equally good ones the lowest is wanted",
        ),
        (
            """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        wrong = sum(similarity >= threshold and not works for similarity, works in tries)
        missed = sum(similarity < threshold and works for similarity, works in tries)
        return price * wrong + missed
    return min(map(cost, thresholds))
""",
            "only a threshold from the list can be chosen",
        ),
    ],
    "04.4": [
        (
            """
def my_choose(candidates, threshold=0.2, min_success=0.2):
    return max(candidates, key=lambda one: one.success_estimate, default=None)
""",
            "A must not be used: its preconditions do not hold",
        ),
        (
            """
def my_choose(candidates, threshold=0.2, min_success=0.2):
    good = [one for one in candidates if one.preconditions_hold and not one.just_failed]
    return min(good, key=lambda one: one.n_steps, default=None)
""",
            "is below 0.2",
        ),
        (
            """
def my_choose(candidates, threshold=0.2, min_success=0.2):
    good = [
        one
        for one in candidates
        if one.preconditions_hold and one.similarity * one.success_estimate >= threshold
    ]
    good = [one for one in good if not one.just_failed]
    return max(good, key=lambda one: one.similarity * one.success_estimate, default=None)
""",
            "passes all four questions",
        ),
    ],
}
