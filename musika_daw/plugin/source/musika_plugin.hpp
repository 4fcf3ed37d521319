// The plug-in as DPF knows it: the host's transport and parameters into the segment, the segment's sound out of it.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "DistrhoPlugin.hpp"
#include "bounce.hpp"
#include "engine_host.hpp"
#include "glance.hpp"
#include "held.hpp"
#include "landing.hpp"
#include "levels.hpp"
#include "midi_in.hpp"
#include "notes_out.hpp"
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

    /// For the editor, from its thread.
    musika::Glance& glance() { return glance_; }
    std::string status() const;

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
    void initProgramName(uint32_t index, String& name) override;
    void loadProgram(uint32_t index) override;
    float getParameterValue(uint32_t index) const override;
    void setParameterValue(uint32_t index, float value) override;
    String getState(const char* key) const override;
    void setState(const char* key, const char* value) override;
    void run(const float** inputs, float** outputs, uint32_t frames, const MidiEvent*, uint32_t) override;

private:
    struct Position {
        double quarters = 0.0;
        bool known = false, looping = false;
        double loop_start = 0.0, loop_end = 0.0;
    };

    /// One block of the host's; a frame lasts `a_frame` quarters.
    struct Block {
        bool playing, offline, jumped;
        double quarters, bpm, rate, a_frame;
        uint32_t frames;
        const MidiEvent* events;
        uint32_t event_count;
    };

    std::unique_ptr<musika::Segment> segment_;
    std::shared_ptr<musika::EngineHost> engine_;
    std::unique_ptr<musika::Reader> reader_;
    std::unique_ptr<musika::MidiIn> midi_in_;
    std::unique_ptr<musika::Held> held_;
    musika::Bounce bounce_;
    musika::Levels levels_;
    musika::Landing landing_;
    musika::NotesOut notes_out_;
    musika::Glance glance_;
    bool whole_ = true;          // whether all of the block was there
    Position position_;          // what the host said before this block; audio thread
    double bpm_ = 0.0;           // as the engine was told last
    double rate_ = 0.0;
    double host_bpm_ = 0.0;        // of the last block
    double steady_seconds_ = 0.0;  // for which that has not moved
    double expected_ = -1.0;     // song position that follows on the last block
    double since_ = 0.0;         // song position at which the last jump landed
    bool was_offline_ = false;
    uint64_t frames_ = 0;
    float values_[musika::PARAMETER_COUNT];
    mutable std::mutex text_mutex_;  // hosts save and restore in whatever thread; not the audio thread
    std::string text_;

    Block block(uint32_t frames, const MidiEvent* events, uint32_t event_count);
    bool tell_tempo(double bpm, double rate, uint32_t frames);
    uint64_t settings_moved();
    uint32_t piece(const Block& block, uint32_t at, uint32_t& event, bool tempo_moved, float** outputs);
    uint32_t end_of_piece(const Block& block, uint32_t at, uint32_t event) const;
    void publish(const Block& block, const musika::Wanted& wanted, uint64_t serial, uint32_t frames);
    double quarters_of(const TimePosition& time) const;
    void write_text(const char* text);
};

END_NAMESPACE_DISTRHO
