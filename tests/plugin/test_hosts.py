"""Hosts of others load the plug-in, find its outputs and parameters, and bounce it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from musika_daw.plugin.parameters import parameters

pytestmark = pytest.mark.slow
LV2_WORDS = Path("/usr/lib/lv2")

# Another program's process: two of its kind in one do not go well with each other.
DAW = """
import sys
import numpy as np
import dawdreamer
engine = dawdreamer.RenderEngine(int(sys.argv[2]), 512)
engine.set_bpm(float(sys.argv[3]))
plugin = engine.make_plugin_processor("plugin", sys.argv[1])
engine.load_graph([(plugin, [])])
engine.render(3.0)
np.save(sys.argv[4], engine.get_audio())
print(*(each["name"] for each in plugin.get_parameters_description()), sep="\\n")
"""


def test_vst3_is_bounced_by_dawdreamer(bundles: Path, engine_file: Path, tmp_path: Path) -> None:
    if find_spec("dawdreamer") is None:  # not loaded here: it brings libraries that others have, too
        pytest.skip("the host is DawDreamer: pip install dawdreamer")
    from musika_daw.controls.state import defaults, settings
    from musika_daw.engine.models.load_model import load_model
    from musika_daw.engine.offline.renderer import stream
    from musika_daw.engine.presets.preset import with_whole_style
    from musika_daw.engine.score_of import score_of
    from musika_daw.music.notes import MIX, STEMS

    out = tmp_path / "bounce.npy"
    words = [sys.executable, "-c", DAW, str(bundles / "Musika DAW.vst3"), "44100", "128", str(out)]
    done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=300)
    assert {each.name for each in parameters()} <= set(done.stdout.splitlines())
    bounced = np.load(out)
    assert len(bounced) == 10
    score = score_of(with_whole_style(defaults().over(settings(stems=STEMS))))
    blocks = list(stream(load_model("techno").song(score), 0, 4 * 44100))
    expected = np.concatenate([np.concatenate([block[stem] for block in blocks], 1) for stem in (MIX, *STEMS)])
    np.testing.assert_allclose(bounced, expected[:, : bounced.shape[1]], atol=1e-4)


def test_lv2_description_is_valid(bundles: Path) -> None:
    validate = shutil.which("sord_validate")
    if validate is None or not LV2_WORDS.is_dir():
        pytest.skip("LV2 is validated with sord_validate and LV2's vocabularies (Debian: sordi, lv2-dev)")
    words = [path for path in LV2_WORDS.rglob("*.ttl") if not path.parent.name.startswith("eg-")]
    described = sorted((bundles / "musika-daw.lv2").glob("*.ttl"))
    assert [path.stem for path in described] == ["manifest", "musika-daw", "presets"]
    done = subprocess.run([validate, *map(str, (*words, *described))], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
