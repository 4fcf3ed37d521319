// A VST3 plug-in that is late by a known number of samples, has a gain and a switch, and can be told to fail:
// what the tests of hosted plug-ins play through. Made with DPF.
#include <cmath>
#include <vector>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

class LateGain : public Plugin {
    static constexpr uint32_t kLate = 441;
    enum { kGain, kFlip, kBreak, kParameters };
    float fValues[kParameters] = {};
    std::vector<float> fHeld[2];
    uint32_t fAt = 0;

public:
    LateGain() : Plugin(kParameters, 0, 0) {
        setLatency(kLate);
        activate();
    }

protected:
    const char* getLabel() const override { return "LateGain"; }
    const char* getMaker() const override { return "Musika DAW"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('M', 'l', 't', 'g'); }

    void initParameter(uint32_t index, Parameter& parameter) override {
        const char* const names[kParameters] = {"Gain", "Flip", "Break"};
        parameter.hints = kParameterIsAutomatable;
        parameter.name = names[index];
        parameter.symbol = names[index];
        if (index == kGain) {
            parameter.unit = "dB";
            parameter.ranges = ParameterRanges(0.0f, -60.0f, 12.0f);
        } else {
            parameter.hints |= kParameterIsBoolean;
            parameter.ranges = ParameterRanges(0.0f, 0.0f, 1.0f);
        }
    }

    float getParameterValue(uint32_t index) const override { return fValues[index]; }
    void setParameterValue(uint32_t index, float value) override { fValues[index] = value; }

    void activate() override {
        for (auto& held : fHeld)
            held.assign(kLate, 0.0f);
        fAt = 0;
    }

    void run(const float** inputs, float** outputs, uint32_t frames) override {
        float gain = std::pow(10.0f, fValues[kGain] / 20.0f);
        if (fValues[kFlip] > 0.5f)
            gain = -gain;
        if (fValues[kBreak] > 0.5f)
            gain = NAN;
        for (uint32_t i = 0; i < frames; ++i, fAt = (fAt + 1) % kLate)
            for (int side = 0; side < 2; ++side) {
                const float late = fHeld[side][fAt];
                fHeld[side][fAt] = inputs[side][i];
                outputs[side][i] = late * gain;
            }
    }
};

Plugin* createPlugin() { return new LateGain(); }

END_NAMESPACE_DISTRHO

#include "DistrhoPluginMain.cpp"
