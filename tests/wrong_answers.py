"""Typical wrong answers to each exercise: `check` must call every one of them wrong.

Each is the source of a function with the name that the exercise's stub has. Take what a learner
would really write: the answer off by one, the other sign, the case forgotten.
"""

WRONG_ANSWERS = {
    "00.1": [
        """
def ratios(steps, optimum):
    return [b / a for a, b in zip(steps, optimum)]
""",
        """
def ratios(steps, optimum):
    return sum(steps) / sum(optimum)
""",
        """
def ratios(steps, optimum):
    return [a // b for a, b in zip(steps, optimum)]
""",
    ],
    "00.2": [
        """
def verdict(solved):
    half = len(solved) // 2
    return "learning" if sum(solved[half:]) > sum(solved[:half]) else "unlearning"
""",
        """
def verdict(solved):
    return "learning" if solved and solved[-1] else "unlearning"
""",
    ],
    "01.1": [
        """
def read_partial(text):
    return json.loads(text)
""",
        """
def read_partial(text):
    return {name: tuple(value) for name, value in json.loads(text).items()}
""",
        """
def read_partial(text):
    return {name: tuple(v) for name, v in json.loads(text).items() if isinstance(v, list)}
""",
    ],
    "01.2": [
        """
def do_again(skill, room, state):
    for action in skill.action_sequence:
        if skill.applicable(state):
            state = successor(room, state, action)
    skill.record(holds(skill.effects, state))
    return skill.success_estimate
""",
        """
def do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = successor(room, state, action)
            skill.record(holds(skill.effects, state))
    return skill.success_estimate
""",
        """
def do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = successor(room, state, action)
    skill.record(holds(skill.effects, state))
    return skill.success_estimate
""",
        """
def do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = successor(room, state, action)
        skill.record(True)
    return skill.success_estimate
""",
    ],
    "01.3": [
        """
def verdict(when, states, works):
    starts = [holds(when, state) for state in states]
    if sum(starts) == sum(works):
        return "right"
    return "too weak" if sum(starts) > sum(works) else "too strong"
""",
        """
def verdict(when, states, works):
    for state, good in zip(states, works):
        if holds(when, state) and not good:
            return "too weak"
        if good and not holds(when, state):
            return "too strong"
    return "right"
""",
        """
def verdict(when, states, works):
    weak = any(not holds(when, state) and good for state, good in zip(states, works))
    strong = any(holds(when, state) and not good for state, good in zip(states, works))
    if weak and strong:
        return "both"
    return "too weak" if weak else "too strong" if strong else "right"
""",
    ],
    "02.1": [
        """
def will_open(agent, door, has_key, door_open):
    away = abs(agent[0] - door[0]) + abs(agent[1] - door[1])
    return away == 1 and has_key
""",
        """
def will_open(agent, door, has_key, door_open):
    away = abs(agent[0] - door[0]) + abs(agent[1] - door[1])
    return away == 1 and not door_open
""",
        """
def will_open(agent, door, has_key, door_open):
    away = abs(agent[0] - door[0]) + abs(agent[1] - door[1])
    return away <= 2 and has_key and not door_open
""",
    ],
    "02.2": [
        """
def total_reward(changed, solved):
    return 1 - 0.01 * len(changed)
""",
        """
def total_reward(changed, solved):
    return -0.01 * sum(changed) + (1 if solved else 0)
""",
        """
def total_reward(changed, solved):
    return 1 - 0.01 * (len(changed) - 1) if solved else -0.01 * len(changed)
""",
    ],
    "02.3": [
        """
def fewest_doors(doors, start, end):
    distance = {start: 0}
    waiting = [start]
    for room in waiting:
        for neighbour in doors[room]:
            distance[neighbour] = distance[room] + 1
            if neighbour not in distance:
                waiting.append(neighbour)
    return distance[end]
""",
        """
def fewest_doors(doors, start, end):
    distance = {start: 0}
    waiting = [start]
    for room in waiting:
        for neighbour in doors[room]:
            if neighbour not in distance:
                distance[neighbour] = distance[room] + 1
                waiting.append(neighbour)
        return distance[end]
""",
        """
def fewest_doors(doors, start, end):
    distance = {start: 0}
    waiting = [start]
    while waiting:
        room = waiting.pop()
        for neighbour in doors[room]:
            if neighbour not in distance:
                distance[neighbour] = distance[room] + 1
                waiting.append(neighbour)
    return distance[end]
""",
    ],
    "02.4": [
        """
def carries_key(key, past):
    return any(action == "PICK_UP" for cell, action in past)
""",
        """
def carries_key(key, past):
    return any(cell == key for cell, action in past)
""",
        """
def carries_key(key, past):
    return bool(past) and past[-1] == (key, "PICK_UP")
""",
    ],
    "03.1": [
        """
def confused_pairs(vectors, bar):
    pairs = [(a, b) for i, a in enumerate(vectors) for b in vectors[:i]]
    return sum(int(np.dot(a, b) >= bar) for a, b in pairs)
""",
        """
def confused_pairs(vectors, bar):
    count = 0
    for i, a in enumerate(vectors):
        for b in vectors[:i]:
            cosine = np.dot(a, b) / (np.dot(a, a) * np.dot(b, b))
            count += int(cosine >= bar)
    return count
""",
        """
def confused_pairs(vectors, bar):
    return sum(int(cosine_similarity(a, b) >= bar) for a in vectors for b in vectors)
""",
    ],
    "03.2": [
        """
def steadiest(endings):
    spread = {}
    for name, places in endings.items():
        spread[name] = np.var(places)
    return min(spread, key=spread.get)
""",
        """
def steadiest(endings):
    return min(endings, key=lambda name: np.abs(endings[name]).sum())
""",
        """
def steadiest(endings):
    return max(endings, key=lambda name: np.var(endings[name], axis=0).sum())
""",
    ],
    "03.3": [
        """
def my_encoder(offsets):
    return offsets
""",
        """
def my_encoder(offsets):
    return [(row + 7, col + 7) for row, col in offsets]
""",
        """
def my_encoder(offsets):
    return [(row, col, 1) for row, col in offsets]
""",
        """
def my_encoder(offsets):
    cells = [(row, col) for row in range(-6, 7) for col in range(-6, 7)]
    return [[float(cell == tuple(offset)) for cell in cells] for offset in offsets]
""",
    ],
    "04.1": [
        """
def failures_until_distrusted(worked, used, min_success=0.2):
    failures = 0
    while (worked + 1) / (failures + 2) >= min_success:
        failures = failures + 1
    return failures
""",
        """
def failures_until_distrusted(worked, used, min_success=0.2):
    failures = 0
    while (worked + 1) / (used + failures + 2) > min_success:
        failures = failures + 1
    return failures
""",
        """
def failures_until_distrusted(worked, used, min_success=0.2):
    failures = 0
    while worked / (used + failures) >= min_success:
        failures = failures + 1
    return failures
""",
    ],
    "04.2": [
        """
def straighten(places):
    return list(dict.fromkeys(places))
""",
        """
def straighten(places):
    last_exit = {}
    for here, there in zip(places, places[1:]):
        last_exit[here] = there
    way = [places[0]]
    while way[-1] in last_exit:
        way.append(last_exit.pop(way[-1]))
    return way[:-1]
""",
        """
def straighten(places):
    return [place for place, following in zip(places, places[1:]) if place < following]
""",
    ],
    "04.3": [
        """
def predict_choice(candidates, tried=()):
    return max(candidates, key=lambda row: row[1])[0] if candidates else None
""",
        """
def predict_choice(candidates, tried=()):
    for name, similarity, fits, estimate, length in candidates:
        if fits and similarity >= 0.7 and estimate >= 0.2 and name not in tried:
            return name
""",
        """
def predict_choice(candidates, tried=()):
    good = [c for c in candidates if c[2] and c[1] > 0.7 and c[3] > 0.2 and c[0] not in tried]
    return min(good, key=lambda c: (-c[1], c[4], -c[3]))[0] if good else None
""",
    ],
    "04.4": [
        """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        return sum((similarity >= threshold) != works for similarity, works in tries)
    return min(sorted(thresholds), key=cost)
""",
        """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        vain = sum(similarity > threshold and not works for similarity, works in tries)
        missed = sum(similarity <= threshold and works for similarity, works in tries)
        return price * vain + missed
    return min(sorted(thresholds), key=cost)
""",
        """
def best_threshold(tries, thresholds, price):
    def vain(threshold):
        return sum(similarity >= threshold and not works for similarity, works in tries)
    return min(sorted(thresholds), key=vain)
""",
    ],
}
