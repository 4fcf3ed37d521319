#include "musika_plugin.hpp"

#include <cmath>
#include <cstring>

#include "host_hooks.hpp"

START_NAMESPACE_DISTRHO

using namespace musika;

namespace {

constexpr double SLOWEST = 40.0, FASTEST = 240.0;  // bpm that the engine plays
constexpr double JUMP_SECONDS = 0.002;
const char* const STATE_KEY = "song";

}  // namespace

MusikaPlugin::MusikaPlugin() : Plugin(PARAMETER_COUNT, 0, 1) {
    for (uint32_t i = 0; i < PARAMETER_COUNT; ++i)
        values_[i] = PARAMETERS[i].standard;
    if (isDummyInstance())
        return;  // DPF asks it for names and ranges
    segment_ = std::make_unique<Segment>();
    if (!segment_->usable()) {
        segment_.reset();
        return;
    }
    for (uint32_t i = 0; i < PARAMETER_COUNT; ++i)
        segment_->header().parameters[i] = values_[i];
    reader_ = std::make_unique<Reader>(*segment_);
    engine_ = EngineHost::shared_one();
    engine_->attach(segment_.get());
}

MusikaPlugin::~MusikaPlugin() {
    if (segment_)
        engine_->detach(segment_.get());
}

void MusikaPlugin::initAudioPort(bool, uint32_t index, AudioPort& port) {
    const uint32_t bus = index / 2;
    const String name = bus == 0 ? String("Mix") : String(STEMS[bus - 1]);
    port.groupId = bus;
    port.name = name + (index % 2 ? " Right" : " Left");
    port.symbol = String(bus == 0 ? "mix" : STEMS[bus - 1]) + (index % 2 ? "_right" : "_left");
}

void MusikaPlugin::initPortGroup(uint32_t group, PortGroup& port_group) {
    if (group >= uint32_t(BUSES))
        return;
    port_group.name = group == 0 ? "Mix" : STEMS[group - 1];
    port_group.symbol = group == 0 ? "mix" : STEMS[group - 1];
}

void MusikaPlugin::initParameter(uint32_t index, Parameter& parameter) {
    const ParameterRow& row = PARAMETERS[index];
    parameter.hints = kParameterIsAutomatable;
    if (row.whole)
        parameter.hints |= kParameterIsInteger;
    if (row.on_off)
        parameter.hints |= kParameterIsBoolean;
    parameter.name = row.name;
    parameter.symbol = row.symbol;
    parameter.unit = row.unit;
    parameter.ranges = ParameterRanges(row.standard, row.low, row.high);
    if (row.label_count == 0)
        return;
    auto* const labels = new ParameterEnumerationValue[row.label_count];
    for (unsigned i = 0; i < row.label_count; ++i)
        labels[i] = ParameterEnumerationValue(float(i), row.labels[i]);
    parameter.enumValues.count = uint8_t(row.label_count);
    parameter.enumValues.values = labels;
    parameter.enumValues.restrictedMode = true;
}

void MusikaPlugin::initState(uint32_t, State& state) {
    state.key = STATE_KEY;
    state.label = "Song";
    state.defaultValue = "";
}

float MusikaPlugin::getParameterValue(uint32_t index) const { return values_[index]; }

void MusikaPlugin::setParameterValue(uint32_t index, float value) {
    if (!std::isfinite(value) || values_[index] == value)
        return;
    values_[index] = value;
    if (!segment_)
        return;
    shared(segment_->header().parameters[index]).store(value, std::memory_order_relaxed);
    if (!PARAMETERS[index].level)
        shared(segment_->header().serial).fetch_add(1, std::memory_order_acq_rel);
}

void MusikaPlugin::setState(const char* key, const char* value) {
    if (segment_ && std::strcmp(key, STATE_KEY) == 0)
        segment_->write_text(value);
}

void MusikaPlugin::say_position(double quarters, bool looping, double loop_start, double loop_end) {
    position_ = {quarters, true, looping, loop_start, loop_end};
}

/// Song position of wrappers that say no more than DPF hands on.
double MusikaPlugin::quarters_of(const TimePosition& time) const {
    const auto& bbt = time.bbt;
    if (!bbt.valid)
        return double(time.frame) / getSampleRate() * bpm_ / 60.0;
    const double beats = (bbt.bar - 1) * double(bbt.beatsPerBar) + (bbt.beat - 1) + bbt.tick / bbt.ticksPerBeat;
    return beats * 4.0 / (bbt.beatType > 0 ? bbt.beatType : 4.0);
}

Wanted MusikaPlugin::wanted(bool playing, double quarters, double bpm) {
    Header& header = segment_->header();
    const double rate = getSampleRate();
    if (bpm != bpm_ || rate != rate_) {
        bpm_ = bpm;
        rate_ = rate;
        shared(header.transport.bpm).store(bpm);
        shared(header.transport.rate).store(rate);
        shared(header.serial).fetch_add(1, std::memory_order_acq_rel);
    }
    return {playing, quarters, bpm, rate, shared(header.serial).load(std::memory_order_acquire), false};
}

void MusikaPlugin::publish(const Wanted& wanted, bool offline, uint32_t frames) {
    const double quarters_a_frame = wanted.bpm / 60.0 / wanted.rate;
    if (std::fabs(wanted.quarters - expected_) > JUMP_SECONDS * wanted.bpm / 60.0)
        since_ = wanted.quarters;
    expected_ = wanted.quarters + (wanted.playing ? frames * quarters_a_frame : 0.0);
    Transport& transport = segment_->header().transport;
    auto& sequence = shared(transport.sequence);
    const uint32_t number = sequence.load(std::memory_order_relaxed);
    sequence.store(number + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    transport.flags = uint32_t((wanted.playing ? PLAYING : 0) | (position_.looping ? LOOPING : 0) |
                               (offline ? OFFLINE : 0) | LOCATED);
    transport.quarters = wanted.quarters;
    transport.loop_start = position_.loop_start;
    transport.loop_end = position_.loop_end;
    transport.since = since_;
    transport.serial = wanted.serial;
    transport.frames = frames_ += frames;
    sequence.store(number + 2, std::memory_order_release);
}

void MusikaPlugin::run(const float**, float** outputs, uint32_t frames, const MidiEvent*, uint32_t) {
    if (!segment_) {
        for (int64_t channel = 0; channel < CHANNELS; ++channel)
            std::memset(outputs[channel], 0, frames * sizeof(float));
        return;
    }
    const TimePosition& time = getTimePosition();
    const double told = time.bbt.beatsPerMinute;
    const double bpm = told < SLOWEST ? (told > 0 ? SLOWEST : 120.0) : told > FASTEST ? FASTEST : told;
    Wanted now = wanted(time.playing, 0.0, bpm);
    now.quarters = position_.known ? position_.quarters : quarters_of(time);
    const bool offline = bounce_.on(now.playing, frames, now.rate);
    publish(now, offline, frames);
    now.exact = offline;
    if (offline && now.playing)
        bounce_.wait(*reader_, now, frames, segment_->header());
    if (!reader_->play(now, outputs, frames))
        shared(segment_->header().misses).fetch_add(1, std::memory_order_relaxed);
    levels_.process(values_, outputs, frames, now.rate);
}

Plugin* createPlugin() { return new MusikaPlugin(); }

END_NAMESPACE_DISTRHO

namespace musika {

void host_is_offline(void* plugin, bool offline) {
    static_cast<DISTRHO_NAMESPACE::MusikaPlugin*>(static_cast<DISTRHO_NAMESPACE::Plugin*>(plugin))->say_offline(offline);
}

void host_is_at(void* plugin, double quarters, bool looping, double loop_start, double loop_end) {
    static_cast<DISTRHO_NAMESPACE::MusikaPlugin*>(static_cast<DISTRHO_NAMESPACE::Plugin*>(plugin))
        ->say_position(quarters, looping, loop_start, loop_end);
}

}  // namespace musika
