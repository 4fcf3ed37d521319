// A VST3 plug-in with what is known of plug-ins in the wild: it can end its process or hang, when it is made or when it
// plays; its latency moves with a knob; two knobs have one name. ODD_CHANNELS is 1 for one that knows mono only.
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

class Odd : public Plugin {
    static constexpr uint32_t kMost = 1000;
    enum { kCrash, kHang, kLate, kLevel, kLevelAgain, kParameters };
    float fValues[kParameters] = {0.0f, 0.0f, 0.0f, 1.0f, 1.0f};
    std::vector<float> fHeld[ODD_CHANNELS];
    uint32_t fAt = 0;

public:
    Odd() : Plugin(kParameters, 0, 0) {
        const char* const wish = std::getenv("ODD_PLUGIN");
        if (wish != nullptr && std::strcmp(wish, "crash") == 0)
            std::abort();
        for (auto& held : fHeld)
            held.assign(kMost + 1, 0.0f);
    }

protected:
    const char* getLabel() const override { return "Odd"; }
    const char* getMaker() const override { return "Musika DAW"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('M', 'o', 'd', '0' + ODD_CHANNELS); }

    void initParameter(uint32_t index, Parameter& parameter) override {
        const char* const names[kParameters] = {"Crash", "Hang", "Late", "Level", "Level"};
        const char* const symbols[kParameters] = {"crash", "hang", "late", "level", "level_again"};
        parameter.hints = kParameterIsAutomatable;
        parameter.name = names[index];
        parameter.symbol = symbols[index];
        parameter.ranges = ParameterRanges(fValues[index], 0.0f, index == kLate ? float(kMost) : 1.0f);
        if (index <= kHang)
            parameter.hints |= kParameterIsBoolean;
        else if (index == kLate)
            parameter.hints |= kParameterIsInteger;
    }

    float getParameterValue(uint32_t index) const override { return fValues[index]; }

    void setParameterValue(uint32_t index, float value) override {
        fValues[index] = value;
        if (index == kLate)
            setLatency(uint32_t(value));
    }

    void run(const float** inputs, float** outputs, uint32_t frames) override {
        if (fValues[kCrash] > 0.5f)
            std::abort();
        while (fValues[kHang] > 0.5f)
            std::this_thread::sleep_for(std::chrono::seconds(1));
        const uint32_t late = uint32_t(fValues[kLate]);
        for (uint32_t i = 0; i < frames; ++i, fAt = (fAt + 1) % (kMost + 1))
            for (int side = 0; side < ODD_CHANNELS; ++side) {
                fHeld[side][fAt] = inputs[side][i];
                outputs[side][i] = fHeld[side][(fAt + kMost + 1 - late) % (kMost + 1)] * fValues[kLevel] * fValues[kLevelAgain];
            }
    }
};

Plugin* createPlugin() { return new Odd(); }

END_NAMESPACE_DISTRHO

#include "DistrhoPluginMain.cpp"
