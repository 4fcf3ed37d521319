// The plug-in as DPF knows it: the host's transport and parameters into the segment, the segment's sound out of it.
#pragma once

#include <memory>
#include <string>

#include "DistrhoPlugin.hpp"
#include "bounce.hpp"
#include "engine_host.hpp"
#include "levels.hpp"
#include "parameters.hpp"
#include "reader.hpp"
#include "segment.hpp"

START_NAMESPACE_DISTRHO

class MusikaPlugin : public Plugin {
public:
    MusikaPlugin();
    ~MusikaPlugin() override;

    void say_offline(bool offline) { bounce_.say(offline); }
    void say_position(double quarters, bool looping, double loop_start, double loop_end);

protected:
    const char* getLabel() const override { return "MusikaDAW"; }
    const char* getDescription() const override { return "Plays endless techno in stems, on the grid of the host"; }
    const char* getMaker() const override { return "Musika DAW"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(0, 1, 0); }
    int64_t getUniqueId() const override { return d_cconst('M', 's', 'k', 'D'); }

    void initAudioPort(bool input, uint32_t index, AudioPort& port) override;
    void initPortGroup(uint32_t group, PortGroup& port_group) override;
    void initParameter(uint32_t index, Parameter& parameter) override;
    void initState(uint32_t index, State& state) override;
    float getParameterValue(uint32_t index) const override;
    void setParameterValue(uint32_t index, float value) override;
    void setState(const char* key, const char* value) override;
    void run(const float** inputs, float** outputs, uint32_t frames, const MidiEvent*, uint32_t) override;

private:
    struct Position {
        double quarters = 0.0;
        bool known = false, looping = false;
        double loop_start = 0.0, loop_end = 0.0;
    };

    std::unique_ptr<musika::Segment> segment_;
    std::shared_ptr<musika::EngineHost> engine_;
    std::unique_ptr<musika::Reader> reader_;
    musika::Bounce bounce_;
    musika::Levels levels_;
    Position position_;          // what the host said before this block; audio thread
    double bpm_ = 0.0;           // as the engine was told last
    double rate_ = 0.0;
    double expected_ = -1.0;     // song position that follows on the last block
    double since_ = 0.0;         // song position at which the last jump landed
    uint64_t frames_ = 0;
    float values_[musika::PARAMETER_COUNT];

    musika::Wanted wanted(bool playing, double quarters, double bpm);
    void publish(const musika::Wanted& wanted, bool offline, uint32_t frames);
    double quarters_of(const TimePosition& time) const;
};

END_NAMESPACE_DISTRHO
