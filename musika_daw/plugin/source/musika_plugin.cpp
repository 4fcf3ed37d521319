#include "musika_plugin.hpp"

#include <cmath>
#include <cstring>

#include "host_hooks.hpp"
#include "programs.hpp"

START_NAMESPACE_DISTRHO

using namespace musika;

namespace {

constexpr double SLOWEST = 40.0, FASTEST = 240.0;  // bpm that the engine plays
constexpr double JUMP_SECONDS = 0.002;
constexpr double RAMP_STEP = 0.005;      // of the tempo
constexpr double STEADY_SECONDS = 0.25;  // after which a tempo is not one of a ramp
const char* const SONG_KEY = "song";
const char* const HELD_KEY = "held";
const char* const STATE_KEYS[] = {SONG_KEY, HELD_KEY};

}  // namespace

MusikaPlugin::MusikaPlugin() : Plugin(PARAMETER_COUNT, PROGRAM_COUNT, 2) {
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
    midi_in_ = std::make_unique<MidiIn>(*segment_);
    held_ = std::make_unique<Held>(*segment_);
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

void MusikaPlugin::initState(uint32_t index, State& state) {
    state.key = STATE_KEYS[index];
    state.label = index == 0 ? "Song" : "Held patterns";
    state.defaultValue = "";
}

void MusikaPlugin::initProgramName(uint32_t index, String& name) { name = PROGRAMS[index].name; }

void MusikaPlugin::loadProgram(uint32_t index) {
    write_text(PROGRAMS[index].text);
    for (uint32_t i = 0; i < PARAMETER_COUNT; ++i)
        setParameterValue(i, PROGRAMS[index].values[i]);
}

float MusikaPlugin::getParameterValue(uint32_t index) const { return values_[index]; }

void MusikaPlugin::setParameterValue(uint32_t index, float value) {
    if (!std::isfinite(value) || values_[index] == value)
        return;
    const bool on = value > 0.5f && values_[index] <= 0.5f;
    values_[index] = value;
    if (!segment_)
        return;
    for (unsigned stem = 0; on && stem < STEM_COUNT; ++stem)
        if (index == HOLD[stem])
            held_->hold(stem, values_);
    shared(segment_->header().parameters[index]).store(value, std::memory_order_relaxed);
    if (!PARAMETERS[index].level)
        shared(segment_->header().serial).fetch_add(1, std::memory_order_acq_rel);
}

void MusikaPlugin::write_text(const char* text) {
    const std::lock_guard<std::mutex> lock(text_mutex_);
    text_ = text;
    if (segment_)
        segment_->write_text(text_);
}

String MusikaPlugin::getState(const char* key) const {
    const std::lock_guard<std::mutex> lock(text_mutex_);
    if (std::strcmp(key, SONG_KEY) == 0)
        return String(text_.c_str());
    return held_ ? String(held_->written(values_).c_str()) : String();
}

void MusikaPlugin::setState(const char* key, const char* value) {
    if (std::strcmp(key, SONG_KEY) == 0)
        write_text(value);
    else if (held_ && std::strcmp(key, HELD_KEY) == 0)
        held_->read(value);
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

/// Tells the engine of another tempo or sample rate; whether it is another one. Within a ramp it is told steps: what
/// lies between them is played by the host's beat in the tempo that is nearest.
bool MusikaPlugin::tell_tempo(double bpm, double rate, uint32_t frames) {
    steady_seconds_ = bpm == host_bpm_ ? steady_seconds_ + frames / rate : 0.0;
    host_bpm_ = bpm;
    const bool in_a_ramp = std::fabs(bpm - bpm_) < RAMP_STEP * bpm && steady_seconds_ < STEADY_SECONDS;
    if (rate == rate_ && (bpm == bpm_ || in_a_ramp))
        return false;
    bpm_ = bpm;
    rate_ = rate;
    Transport& transport = segment_->header().transport;
    shared(transport.bpm).store(bpm);
    shared(transport.rate).store(rate);
    settings_moved();
    return true;
}

uint64_t MusikaPlugin::settings_moved() {
    return shared(segment_->header().serial).fetch_add(1, std::memory_order_acq_rel) + 1;
}

MusikaPlugin::Block MusikaPlugin::block(uint32_t frames, const MidiEvent* events, uint32_t event_count) {
    const TimePosition& time = getTimePosition();
    const double told = time.bbt.beatsPerMinute, rate = getSampleRate();
    const double bpm = told < SLOWEST ? (told > 0 ? SLOWEST : 120.0) : told > FASTEST ? FASTEST : told;
    const double quarters = position_.known ? position_.quarters : quarters_of(time);
    const bool jumped = std::fabs(quarters - expected_) > JUMP_SECONDS * bpm / 60.0;
    const bool offline = bounce_.on(time.playing, frames, rate);
    return {time.playing, offline, jumped, quarters, bpm, rate, bpm / 60.0 / rate, frames, events, event_count};
}

void MusikaPlugin::publish(const Block& block, const Wanted& wanted, uint64_t serial, uint32_t frames) {
    Transport& transport = segment_->header().transport;
    auto& sequence = shared(transport.sequence);
    const uint32_t number = sequence.load(std::memory_order_relaxed);
    sequence.store(number + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    transport.flags = uint32_t((wanted.playing ? PLAYING : 0) | (position_.looping ? LOOPING : 0) |
                               (block.offline ? OFFLINE : 0) | LOCATED);
    transport.quarters = wanted.quarters;
    transport.loop_start = position_.loop_start;
    transport.loop_end = position_.loop_end;
    transport.since = since_;
    transport.serial = serial;
    transport.landed = wanted.serial;
    transport.land_at = landing_.place();
    transport.events = midi_in_->count();
    transport.frames = frames_ += frames;
    sequence.store(number + 2, std::memory_order_release);
}

/// Where something happens next to the song: a chord is played, a line begins, moves land.
uint32_t MusikaPlugin::end_of_piece(const Block& block, uint32_t at, uint32_t event) const {
    uint32_t end = block.frames;
    for (uint32_t i = event; i < block.event_count && block.events[i].frame < end; ++i) {
        const MidiEvent& each = block.events[i];
        if (each.frame > at && MidiIn::is_harmony(each.data, each.size))
            end = each.frame;
    }
    if (!block.playing)
        return end;
    for (const double place : {midi_in_->next_bar(), landing_.at()}) {
        const double away = frames_to(place, block.quarters, block.a_frame);
        if (away > double(at) && away < double(end))
            end = uint32_t(away);
    }
    return end;
}

/// Plays from a frame of the block on, as long as nothing happens to the song; where that was.
uint32_t MusikaPlugin::piece(const Block& block, uint32_t at, uint32_t& event, bool tempo_moved, float** outputs) {
    const double quarters = block.quarters + (block.playing ? at * block.a_frame : 0.0);
    const bool jumped = block.jumped && at == 0;
    bool moved = midi_in_->arrive(block.playing, quarters, block.a_frame, jumped, expected_);
    const auto take = [&](const MidiEvent& each) {
        const double place = block.quarters + (block.playing ? each.frame * block.a_frame : 0.0);
        return each.size <= 3 && midi_in_->take(each.data, each.size, place);
    };
    while (event < block.event_count && block.events[event].frame <= at)
        moved = take(block.events[event++]) || moved;
    const uint64_t serial =
        moved ? settings_moved() : shared(segment_->header().serial).load(std::memory_order_acquire);
    const double grid = GRIDS[size_t(values_[QUANTIZE] + 0.5f)];
    landing_.arrive(serial, quarters, block.a_frame, grid, !block.playing || jumped || tempo_moved);
    const uint32_t end = end_of_piece(block, at, event);
    while (event < block.event_count && block.events[event].frame < end)
        take(block.events[event++]);  // keys of lines, which are heard from a bar line on
    const Wanted now = {block.playing, quarters, block.bpm, bpm_, block.rate, landing_.landed()};
    if (jumped)
        since_ = quarters;
    expected_ = quarters + (block.playing ? (end - at) * block.a_frame : 0.0);
    publish(block, now, serial, end - at);
    if (block.offline && block.playing)
        bounce_.wait(*reader_, now, end - at, segment_->header());
    if (!reader_->play(now, outputs, at, end - at, notes_out_)) {
        shared(segment_->header().misses).fetch_add(1, std::memory_order_relaxed);
        whole_ = false;
    }
    return end;
}

void MusikaPlugin::run(const float**, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t event_count) {
    if (!segment_) {
        for (int64_t channel = 0; channel < CHANNELS; ++channel)
            std::memset(outputs[channel], 0, frames * sizeof(float));
        return;
    }
    const Block now = block(frames, events, event_count);
    bool tempo_moved = tell_tempo(now.bpm, now.rate, frames);
    if (now.offline && !was_offline_ && midi_in_->forget(now.quarters))
        settings_moved();
    was_offline_ = now.offline;
    notes_out_.begin();
    whole_ = true;
    uint32_t event = 0;
    for (uint32_t at = 0; at < frames;) {
        at = piece(now, at, event, tempo_moved, outputs);
        tempo_moved = false;
    }
    levels_.process(values_, outputs, frames, now.rate);
    glance_.look(outputs, frames, now.rate, now.playing, whole_);
    for (size_t i = 0; i < notes_out_.count(); ++i) {
        const MidiMessage& message = notes_out_.messages()[i];
        MidiEvent out = {message.frame, 3, {message.bytes[0], message.bytes[1], message.bytes[2], 0}, nullptr};
        if (!writeMidiEvent(out))
            break;  // the host has no room for more
    }
}

std::string MusikaPlugin::status() const {
    if (!segment_)
        return "there is no shared memory for it: 116 MB are needed";
    char line[sizeof(Header::status)];
    std::memcpy(line, segment_->header().status, sizeof(line));
    line[sizeof(line) - 1] = '\0';
    return line;
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
