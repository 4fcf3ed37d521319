// What DPF wants to know of the plug-in before it is compiled.
#pragma once

#define DISTRHO_PLUGIN_BRAND "Musika DAW"
#define DISTRHO_PLUGIN_NAME "Musika DAW"
#define DISTRHO_PLUGIN_URI "urn:musika-daw:generator"
#define DISTRHO_PLUGIN_CLAP_ID "org.musika-daw.generator"
#define DISTRHO_PLUGIN_CLAP_FEATURES "instrument", "synthesizer", "drum-machine", "stereo"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Instrument|Synth|Stereo"
#define DISTRHO_PLUGIN_LV2_CATEGORY "lv2:GeneratorPlugin"
#ifdef MUSIKA_EDITOR
#define DISTRHO_PLUGIN_HAS_UI 1
#else
#define DISTRHO_PLUGIN_HAS_UI 0
#endif
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_IS_SYNTH 1
#define DISTRHO_PLUGIN_NUM_INPUTS 0
#define DISTRHO_PLUGIN_NUM_OUTPUTS 10
#define DISTRHO_PLUGIN_WANT_MIDI_INPUT 1
#define DISTRHO_PLUGIN_WANT_MIDI_OUTPUT 1
#define DISTRHO_PLUGIN_WANT_PROGRAMS 1
#define DISTRHO_PLUGIN_WANT_STATE 1
#define DISTRHO_PLUGIN_WANT_FULL_STATE 1
#define DISTRHO_PLUGIN_WANT_TIMEPOS 1
// The editor reads what the plug-in does; without it, VST3 would number the parameters otherwise.
#define DISTRHO_PLUGIN_WANT_DIRECT_ACCESS 1
#define DISTRHO_UI_USE_NANOVG 1
#define DISTRHO_UI_USER_RESIZABLE 1
#define DISTRHO_UI_FILE_BROWSER 0
#define DISTRHO_UI_DEFAULT_WIDTH 560
#define DISTRHO_UI_DEFAULT_HEIGHT 326
