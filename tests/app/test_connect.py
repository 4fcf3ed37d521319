"""`musika-daw connect`: scripts where DAWs look for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.app.main import main


def test_live_gets_its_remote_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connect", "live", "--user-library", str(tmp_path)]) == 0
    told = capsys.readouterr()
    script = tmp_path / "Remote Scripts" / "MusikaDAW"
    assert told.out.strip() == str(script) and "control surface" in told.err
    assert {"__init__.py", "surface.py", "take.py"} <= {path.name for path in script.iterdir()}
    shipped = (script / "settings.py").read_text()
    assert '"127.0.0.1", 7771' in shipped and "MIRROR_TEMPO = False" in shipped
    (script / "settings.py").write_text(
        'HOST, PORT = "studio", 7772\nMIRROR_TEMPO = True\nGONE = 1\nTAKES_GO_TO = oops(\n'
    )
    (script / "surface.py").write_text("an older version")
    assert main(["connect", "live", "--user-library", str(tmp_path)]) == 0
    expected = shipped.replace('"127.0.0.1", 7771', '"studio", 7772').replace(
        "MIRROR_TEMPO = False", "MIRROR_TEMPO = True"
    )
    assert (script / "settings.py").read_text() == expected, "what was set stays set"
    assert "class MusikaDAW" in (script / "surface.py").read_text(), "a new version takes the place of an old one"


def test_reaper_gets_its_script_and_the_way_to_the_program(tmp_path: Path) -> None:
    assert main(["connect", "reaper", "--resources", str(tmp_path)]) == 0
    scripts = tmp_path / "Scripts" / "Musika DAW"
    assert (scripts / "musika_daw_render.lua").is_file()
    assert "musika_daw.app" in (scripts / "musika_daw_program.lua").read_text()


def test_ardour_gets_its_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["connect", "ardour"]) == 1 and "ardour8" in capsys.readouterr().err
    for version in ("ardour7", "ardour10", "ardour"):
        (tmp_path / version).mkdir()
    assert main(["connect", "ardour"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "ardour10" / "scripts" / "musika_daw_take.lua")


@pytest.mark.parametrize(
    ("daw", "option"), [("live", "--user-library"), ("reaper", "--resources"), ("ardour", "--config")]
)
def test_a_folder_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], daw: str, option: str
) -> None:
    assert main(["connect", daw, option, str(tmp_path / "none")]) == 1
    told = capsys.readouterr().err
    assert option in told and len(told.splitlines()) == 1
    (tmp_path / "file").touch()
    (tmp_path / "Remote Scripts").touch()
    (tmp_path / "Scripts").touch()
    (tmp_path / "scripts").touch()
    assert main(["connect", daw, option, str(tmp_path)]) == 1
    assert "cannot write" in capsys.readouterr().err
