"""The benchmark can be run; how fast things are is no question for a test."""

import benchmark


def test_every_comparison_gives_a_ratio():
    library, matrix = benchmark.library_of(50)
    ratios = [
        benchmark.steps_ratio(repeats=1),
        benchmark.retrieval_ratio(library, matrix, repeats=1),
        benchmark.adding_ratio(library, benchmark.library_of(20)[0], repeats=1),
        benchmark.deciding_ratio(full=20, lean=2, repeats=1),
        benchmark.importing_ratio(repeats=1),
        benchmark.growth(episodes=30)[0],
    ]
    assert all(ratio > 0 for ratio in ratios)


def test_a_missed_ratio_is_reported(capsys):
    met = [
        benchmark.report("slower", 1.4, 1.3),
        benchmark.report("faster", 1.2, 1.3),
        benchmark.report("more", 5.1, 5, at_least=True),
        benchmark.report("fewer", 4.9, 5, at_least=True),
    ]
    assert met == [False, True, True, False]
    words = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert words == ["MISSED", "met", "met", "MISSED"]
