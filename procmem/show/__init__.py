"""Show: pictures, players and controls."""

from procmem.lazy import exports, require

require(__name__, "IPython", "anywidget", "ipywidgets", "matplotlib")

__getattr__, __dir__, __all__ = exports(
    __name__,
    {
        "drag": "DragRoom",
        "drive": "DriveByHand",
        "networks": "OffsetPlane PolicyMap",
        "player": "Duel EpisodePlayer",
        "plane": "WordPlane",
        "plots": "plot_comparison plot_learning_curve plot_skill_success summary_text",
        "picture": "Picture",
        "progress": "ProgressBar progress_bar tracked",
        "room": "describe_room room_svg rooms_svg",
        "similarity": "SimilarityField similarity_field",
        "style": "looks",
        "threshold": "ThresholdExplorer reuse_queries",
    },
)
