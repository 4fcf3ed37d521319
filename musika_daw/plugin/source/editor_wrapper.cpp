// DPF's wrapper of editors of the format that is built.
#include "DistrhoPluginInfo.h"
#include "DistrhoUIMain.cpp"
