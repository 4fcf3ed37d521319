"""Which channel plays what."""

import numpy as np
import pytest

from musika_daw.engine.bus.channel_map import MapRequest, Route, choose_routes, interleave, parse_map
from musika_daw.errors import UserError

STEMS = ("drums", "bass", "chords", "lead")


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (1, {"mix": (0,)}),
        (2, {"mix": (0, 1)}),
        (8, {"mix": (0, 1)}),
        (10, {"mix": (0, 1), "drums": (2, 3), "bass": (4, 5), "chords": (6, 7), "lead": (8, 9)}),
    ],
)
def test_stems_where_there_are_enough_channels_else_the_mix(
    channels: int, expected: dict[str, tuple[int, ...]]
) -> None:
    assert {r.source: r.channels for r in choose_routes(MapRequest(), STEMS, channels, "X")} == expected


def test_a_map_of_ones_own() -> None:
    routes = choose_routes(parse_map("lead:1-2,drums:4-3,mix:6"), STEMS, 8, "X")
    stems = {stem: np.full((2, 3), i + 1.0, np.float32) for i, stem in enumerate(STEMS)}
    stems["drums"][1] = 9.0
    mix = np.array([[1.0] * 3, [2.0] * 3], np.float32)
    assert interleave(routes, 8, stems, mix)[1].tolist() == [4.0, 4.0, 9.0, 1.0, 0.0, 1.5, 0.0, 0.0]


def test_a_stem_that_is_not_there_is_silent() -> None:
    mix = np.ones((2, 4), np.float32)
    assert interleave((Route("drums", (0, 1)), Route("mix", (2, 3))), 4, {}, mix).tolist() == [[0.0, 0.0, 1.0, 1.0]] * 4


def test_too_few_channels_and_unknown_stems_are_told() -> None:
    with pytest.raises(UserError, match=r"Fireface has 8 channels, the channel map needs 10: use map=mix"):
        choose_routes(MapRequest("stems"), STEMS, 8, "Fireface")
    with pytest.raises(UserError, match="channel map names 'flute': expected one of mix, drums, bass"):
        choose_routes(parse_map("flute:1-2"), STEMS, 8, "X")
