"""Compare: baselines, experiments over many seeds, statistics."""

from procmem.lazy import exports

__getattr__, __dir__, __all__ = exports(
    __name__,
    {
        "baselines": """LeastTried LeastTriedExplorer NaiveMemoryAgent NoMemoryAgent OracleAgent
            RandomExplorer UninterruptedAgent WanderingAgent each_suffix nearest_recording
            sham_library useless_skills whole_episode""",
        "encoders": "HashedEncoder absolute_places all_places raw_features",
        "exam": "COURSE OURS TASKS Marks Task examine table",
        "experiment": """Results evaluate examination_seeds practice_seeds
            train_many validation_seeds""",
        "retrieval": "Query ask clearest ranks recordings room_of steps_to_key trail works",
        "room": "PolicyAgent Room",
        "statistics": """bootstrap_interval interquartile_mean negative_transfer paired_interval
            wilson_interval""",
        "tabular": "QLearner absolute egocentric",
        "worlds": """BrokenWorld DecoyLayout DecoyWorld KeyRoom MirroredWorld MovedKeyLayout
            MovedKeyWorld OneRoom SIDEWAYS SlipperyWorld bricked_up carried_off doorkey fewest_steps
            mirrored optimum short_cut""",
        "skill_md": "folder_name from_skill_md to_skill_md",
        "texts": """Role Roles WordEncoder bind cause causes examine_requests grow informative
            inverse_document_frequencies lift moments printing roles words""",
    },
)
