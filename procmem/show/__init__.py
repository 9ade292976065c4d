"""Show: pictures, players and controls."""

from procmem.lazy import exports, require

require(__name__, "IPython", "ipywidgets", "matplotlib")

__getattr__, __dir__, __all__ = exports(
    __name__,
    {
        "controls": "DriveByHand ProgressBar progress_bar",
        "explorers": "LibraryBrowser SimilarityMap ThresholdExplorer reuse_queries",
        "networks": "PolicyMap policy_drawing situation",
        "player": "Duel EpisodePlayer",
        "plots": """OKABE_ITO caption dress plot_comparison plot_learning_curve
            plot_library_growth plot_similarity_map plot_vectors summary_text""",
        "portraits": """count_by_effect effect plot_decisions plot_embedding_map
            plot_library_composition plot_skill_success plot_skill_timeline
            principal_components""",
        "svg": "describe_room room_svg rooms_svg strip_svg",
    },
)
