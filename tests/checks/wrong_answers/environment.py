"""Typical wrong answers to the exercises of lesson 02."""

WRONG_ANSWERS = {
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
}
