"""Effects: chains that presets describe, played while the music goes on."""

from musika_daw.engine.fx.chain import FxChain

__all__ = ["FxChain"]
