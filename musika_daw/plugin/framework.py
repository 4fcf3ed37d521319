"""DPF, the framework that makes VST3, CLAP and LV2 of one source: found, copied, and completed where it withholds what
a host says.

Its wrappers do not hand on whether a host renders offline, where a host is to more than a tick, and its loop; that of
VST3 fills only the first of several outputs, and that of LV2 begins bars too early. The additions are few lines each,
laid into a copy; a version of DPF in which a place is not found is refused.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from musika_daw.errors import UserError

VARIABLE = "MUSIKA_DPF"
"""Names another folder with DPF's sources."""

_DEBIAN = Path("/usr/share/dpf")
_PUBLIC = "https://github.com/DISTRHO/DPF"
_PUBLIC_TAG = "main"
_CLONE_SECONDS = 300
_PARTS = ("distrho", "dgl")
_HOOKS = '#include "host_hooks.hpp"\n'

_VST3 = (
    ('#include "DistrhoPluginInternal.hpp"\n', '#include "DistrhoPluginInternal.hpp"\n' + _HOOKS),
    (
        "        // TODO process_mode can be V3_REALTIME, V3_PREFETCH, V3_OFFLINE\n",
        "        musika::host_is_offline(fPlugin.getInstancePointer(), setup->process_mode == V3_OFFLINE);\n",
    ),
    (
        "            fPlugin.setTimePosition(fTimePosition);\n        }\n       #endif\n\n"
        "        if (data->nframes <= 0)\n",
        "            fPlugin.setTimePosition(fTimePosition);\n"
        "            musika::host_is_at(fPlugin.getInstancePointer(), ctx->project_time_quarters,\n"
        "                (ctx->state & V3_PROCESS_CTX_CYCLE_ACTIVE) && (ctx->state & V3_PROCESS_CTX_CYCLE_VALID),\n"
        "                ctx->cycle_start_quarters, ctx->cycle_end_quarters);\n"
        "        }\n       #endif\n\n"
        "        if (data->nframes <= 0)\n",
    ),
    (
        "                for (int32_t j = 0; j < data->outputs->num_channels; ++j)\n"
        "                {\n"
        "                    while (!fEnabledOutputs[i] && i < DISTRHO_PLUGIN_NUM_OUTPUTS)\n"
        "                        outputs[i++] = fDummyAudioBuffer;\n"
        "\n"
        "                    DISTRHO_SAFE_ASSERT_INT_BREAK(i < DISTRHO_PLUGIN_NUM_OUTPUTS, i);\n"
        "                    outputs[i++] = data->outputs->channel_buffers_32[j];\n"
        "                }\n",
        "                for (int32_t b = 0; b < data->num_output_buses && i < DISTRHO_PLUGIN_NUM_OUTPUTS; ++b)\n"
        "                    for (int32_t j = 0; j < 2; ++j, ++i)\n"
        "                    {\n"
        "                        const v3_audio_bus_buffers& bus = data->outputs[b];\n"
        "                        const bool there = j < bus.num_channels && bus.channel_buffers_32 != nullptr\n"
        "                                        && bus.channel_buffers_32[j] != nullptr;\n"
        "                        outputs[i] = there ? bus.channel_buffers_32[j] : fDummyAudioBuffer;\n"
        "                    }\n",
    ),
    (
        "            | V3_PROCESS_CTX_NEED_PROJECT_TIME ",
        "            | V3_PROCESS_CTX_NEED_CYCLE | V3_PROCESS_CTX_NEED_BAR_POSITION\n"
        "            | V3_PROCESS_CTX_NEED_PROJECT_TIME ",
    ),
)
_CLAP = (
    ('#include "DistrhoPluginInternal.hpp"\n', '#include "DistrhoPluginInternal.hpp"\n' + _HOOKS),
    (
        "        fPlugin.setTimePosition(fTimePosition);\n       #endif\n",
        "        fPlugin.setTimePosition(fTimePosition);\n"
        "        if (const clap_event_transport_t* const transport = process->transport)\n"
        "            if (transport->flags & CLAP_TRANSPORT_HAS_BEATS_TIMELINE)\n"
        "                musika::host_is_at(fPlugin.getInstancePointer(),\n"
        "                    double(transport->song_pos_beats) / CLAP_BEATTIME_FACTOR,\n"
        "                    (transport->flags & CLAP_TRANSPORT_IS_LOOP_ACTIVE) != 0,\n"
        "                    double(transport->loop_start_beats) / CLAP_BEATTIME_FACTOR,\n"
        "                    double(transport->loop_end_beats) / CLAP_BEATTIME_FACTOR);\n"
        "       #endif\n",
    ),
    (
        "    void onMainThread()\n",
        "    void sayOffline(const bool offline)\n"
        "    {\n"
        "        musika::host_is_offline(fPlugin.getInstancePointer(), offline);\n"
        "    }\n"
        "\n"
        "    void onMainThread()\n",
    ),
    (
        "static CLAP_ABI const void* clap_plugin_get_extension(const clap_plugin_t*, const char* const id)\n{\n",
        "// The extension clap.render, which DPF's copy of CLAP's headers leaves out.\n"
        "static CLAP_ABI bool clap_render_needs_real_time(const clap_plugin_t*) { return false; }\n"
        "static CLAP_ABI bool clap_render_set(const clap_plugin_t* const plugin, const int32_t mode)\n"
        "{\n"
        "    static_cast<PluginCLAP*>(plugin->plugin_data)->sayOffline(mode == 1);\n"
        "    return true;\n"
        "}\n"
        "static const struct {\n"
        "    bool (CLAP_ABI* needs_real_time)(const clap_plugin_t*);\n"
        "    bool (CLAP_ABI* set)(const clap_plugin_t*, int32_t);\n"
        "} clap_render = { clap_render_needs_real_time, clap_render_set };\n"
        "\n"
        "static CLAP_ABI const void* clap_plugin_get_extension(const clap_plugin_t*, const char* const id)\n{\n"
        '    if (std::strcmp(id, "clap.render") == 0)\n'
        "        return &clap_render;\n",
    ),
)
_LV2 = (
    # Words of few hosts' own, which a validator does not know; programs are presets of LV2's own, too.
    ("    LV2_PROGRAMS__Interface,\n", ""),
    ("    LV2_PROGRAMS__UIInterface,\n", ""),
    ('        pluginString += "    mod:brand \\"" DISTRHO_PLUGIN_BRAND "\\" ;\\n";\n', ""),
    ('        pluginString += "    mod:label \\"" DISTRHO_PLUGIN_NAME "\\" ;\\n\\n";\n', ""),
)
_LV2_TIME = (
    # Between two positions that a host sends: bars began a block too early, and beats had single precision.
    (
        "                        fLastPositionData.barBeat = std::fmod(fLastPositionData.barBeat+addedBarBeats,\n",
        "                        const double played = fLastPositionData.barBeat + addedBarBeats;\n"
        "                        fLastPositionData.barBeat = std::fmod(played,\n",
    ),
    (
        "fLastPositionData.bar += std::floor((fLastPositionData.barBeat+addedBarBeats)/\n",
        "fLastPositionData.bar += std::floor(played/\n",
    ),
    ("        float    barBeat;\n", "        double   barBeat;\n"),
)
_ADDITIONS = {
    "DistrhoPluginVST3.cpp": _VST3,
    "DistrhoPluginCLAP.cpp": _CLAP,
    "DistrhoPluginLV2export.cpp": _LV2,
    "DistrhoPluginLV2.cpp": _LV2_TIME,
}


def prepare(folder: Path) -> Path:
    """A copy of DPF in `folder`, completed.

    Raises:
        UserError: there is none, or one that is too different.
    """
    source = _source(folder)
    copy = folder / "dpf"
    for path in source.rglob("*"):
        if path.is_file() and path.relative_to(source).parts[0] in _PARTS:
            _lay(path, copy / path.relative_to(source))
    return copy


def _lay(path: Path, target: Path) -> None:
    """Copies a file, completed, unless it is there: what did not change is not compiled again."""
    content = path.read_bytes()
    for place, addition in _ADDITIONS.get(path.name, ()):
        if place.encode() not in content:
            raise UserError(f"DPF is not of a version that is known: {path} differs; {_remedy()}")
        content = content.replace(place.encode(), addition.encode(), 1)
    if not target.is_file() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _source(folder: Path) -> Path:
    if named := os.environ.get(VARIABLE):
        found = Path(named).expanduser()
        if not (found / "distrho").is_dir():
            raise UserError(f"{VARIABLE} names {found}, where DPF is not: expected its folder distrho there")
        return found
    if (_DEBIAN / "distrho").is_dir():
        return _DEBIAN
    return _clone(folder / "dpf-source")


def _clone(target: Path) -> Path:
    if (target / "distrho").is_dir():
        return target
    git = shutil.which("git")
    if git is None:
        raise UserError(f"the plug-in is built on DPF, which is not here: {_remedy()}")
    command = [git, "clone", "--depth", "1", "--recurse-submodules", "--branch", _PUBLIC_TAG, _PUBLIC, str(target)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_CLONE_SECONDS)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise UserError(f"DPF cannot be fetched from {_PUBLIC}: {_remedy()}") from error
    return target


def _remedy() -> str:
    return f"install it (Debian: apt-get install dpf-source), or name a folder of it (version 1.6) in {VARIABLE}"
