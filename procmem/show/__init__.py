"""Show: pictures, players and controls."""

from procmem.lazy import exports, require

require(__name__, "IPython", "anywidget", "ipywidgets", "matplotlib")

__getattr__, __dir__, __all__ = exports(
    __name__,
    {
        "browser": "LibraryBrowser",
        "drive": "DriveByHand",
        "networks": "OffsetPlane PolicyMap situation",
        "player": "Duel EpisodePlayer",
        "plots": """caption dress plot_comparison plot_learning_curve styled
            summary_text""",
        "portraits": """count_by_effect effect plot_decisions plot_embedding_map
            plot_library_composition plot_skill_success plot_skill_timeline
            principal_components""",
        "picture": "Picture",
        "progress": "ProgressBar progress_bar",
        "record": "strip_svg",
        "room": "describe_room room_svg rooms_svg",
        "similarity": "SimilarityField similarity_field",
        "style": "OKABE_ITO looks",
        "threshold": "ThresholdExplorer reuse_queries",
        "ways": "DragRoom",
    },
)
