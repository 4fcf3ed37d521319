// What DPF wants to know of a plug-in before it is compiled.
#define DISTRHO_PLUGIN_BRAND "Musika DAW"
#define DISTRHO_PLUGIN_NAME "Late Gain"
#define DISTRHO_PLUGIN_URI "urn:musika-daw:late-gain"
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_NUM_INPUTS 2
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
#define DISTRHO_PLUGIN_WANT_LATENCY 1
