// DPF's wrapper of the format that is built; a file of its own, since it takes longest to compile.
#include "DistrhoPluginInfo.h"
#include "DistrhoPluginMain.cpp"
